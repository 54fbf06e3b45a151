import { expect, test } from 'vitest';
import { toProblem } from './problem.ts';

/** What callers are told of a database that is away or full: that it is, when to come again, and nothing of the statement. */

const failed = (fields: object, message = 'INSERT INTO users (email) VALUES ($1)'): Error => new Error('Failed query: select secret from users', { cause: Object.assign(new Error(message), fields) });

test.each([
  ['a full disk, as PostgreSQL says it', failed({ code: '53100' }), 'The disk of this node is full.'],
  ['a full disk, as the system says it', failed({ code: 'ENOSPC' }), 'The disk of this node is full.'],
  ['a server that shuts down', failed({ code: '57P01' }), 'The database of this node does not answer.'],
  ['a server that starts up', failed({ code: '57P03' }), 'The database of this node does not answer.'],
  ['a connection that breaks', failed({ code: 'ECONNRESET' }), 'The database of this node does not answer.'],
  ['a connection that ends', failed({}, 'Connection terminated unexpectedly'), 'The database of this node does not answer.'],
  ['the embedded one, whose thread ended', failed({}, 'the database thread ended'), 'The database of this node does not answer.'],
  ['a socket file that is gone', failed({ code: 'ENOENT', syscall: 'connect' }), 'The database of this node does not answer.'],
])('%s is told in words, with a time to come again', (_, error, title) => {
  expect(toProblem(error, 'r1')).toEqual({ type: 'about:blank', title, status: 503, code: 'NOT_READY', remedy: 'Try again in a moment.', retryAfter: 5, requestId: 'r1' });
});

test('a statement that is wrong is the node\'s own mistake, and nothing of it is told', () => {
  const problem = toProblem(failed({ code: '42703' }), 'r2');
  expect(problem).toMatchObject({ status: 500, code: 'INTERNAL' });
  expect(JSON.stringify(problem)).not.toMatch(/select|INSERT|users|email/i);
});
