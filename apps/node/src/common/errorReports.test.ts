import { createServer } from 'node:http';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createErrorReports, webhookSender } from './errorReports.ts';
import type { ErrorReport } from './errorReports.ts';
import { createLogger } from './logger.ts';

test('errors of the log reach a webhook, redacted; the same one once a minute, ten in all', async () => {
  const bodies: ErrorReport[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => { text += part; }).on('end', () => {
      bodies.push(JSON.parse(text) as ErrorReport);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  let clock = 1_800_000_000_000;
  const reports = createErrorReports({ version: '0.1.0', now: () => clock, send: webhookSender(`http://127.0.0.1:${(server.address() as { port: number }).port}/errors`) });
  const log = createLogger({ level: 'info', destination: { write: () => undefined }, onError: reports.report });

  log.warn('only a warning');
  for (let n = 0; n < 5; n += 1) log.error({ id: 'request-1', error: `cannot reach smtps://node:hunter2-hunter2@mail.example for ada@example.org, try ${n}` }, 'a request failed');
  await reports.settled();
  expect(bodies).toMatchObject([{ message: 'a request failed', at: '2027-01-15T08:00:00.000Z', version: '0.1.0', more: 0, fields: { id: 'request-1', error: 'cannot reach smtps://[redacted]@mail.example for [address], try 0' } }]);
  expect(JSON.stringify(bodies)).not.toMatch(/hunter2|ada/);

  clock += 60_000;
  for (let n = 0; n < 20; n += 1) log.error({ error: `kind ${String.fromCharCode(97 + n)}` }, 'another');
  log.error({ error: 'cannot reach smtps://mail.example for , try 0' }, 'last');
  await reports.settled();
  expect(bodies).toHaveLength(11);
  clock += 60_000;
  log.error({ id: 'request-2', error: 'cannot reach smtps://node:hunter2-hunter2@mail.example for ada@example.org, try 9' }, 'a request failed');
  await reports.settled();
  expect(bodies.at(-1)).toMatchObject({ more: 4, fields: { id: 'request-2' } });
  server.close();
  log.error('nobody listens');
  await reports.settled();
});
