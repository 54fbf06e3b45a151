import { NeuroError, httpStatusByCode } from '@neurodata/protocol';
import type { ErrorCode, Problem } from '@neurodata/protocol';
import { StorageError } from '@neurodata/storage';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Log } from '../common/logger.ts';

const codeOfStorage = { NOT_FOUND: 'NOT_FOUND', UNSUPPORTED: 'BAD_INPUT', TOO_LARGE: 'TOO_LARGE', MISMATCH: 'CONTENT_MISMATCH', TIMEOUT: 'TIMEOUT', UNREACHABLE: 'UNREACHABLE' } as const;

/** fastify's own refusals, by status: an unparsable body, one that is too long, a content type that is not served. */
const codeOfStatus: Record<number, ErrorCode> = { 400: 'BAD_INPUT', 404: 'NOT_FOUND', 413: 'TOO_LARGE', 415: 'BAD_INPUT' };

export const problemType = 'application/problem+json';

/** Notes what the caller is not told. */
export function logProblem(parameters: { problem: Problem; error: unknown; request: FastifyRequest; log: Log }): void {
  const { problem, error, request, log } = parameters;
  // For whoever watches for people that try doors. What stands in a query may be somebody's.
  if (problem.code === 'FORBIDDEN') log.warn({ id: request.id, method: request.method, path: request.url.split('?')[0]?.slice(0, 300), from: request.ip, why: problem.title }, 'a request was refused');
  if (problem.code === 'INTERNAL') log.error({ id: request.id, method: request.method, url: request.url.slice(0, 300), error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, 'a request failed');
}

/** What a caller is told of an error (RFC 9457). Of an unexpected one: nothing but the request id, to be looked up in the log. */
export function toProblem(error: unknown, requestId: string): Problem {
  const { code, title, detail, remedy, retryAfter } = factsOf(error);
  return { type: 'about:blank', title, status: httpStatusByCode[code], code, ...(detail ? { detail } : {}), ...(remedy ? { remedy } : {}), ...(retryAfter === undefined ? {} : { retryAfter }), requestId };
}

type Facts = { code: ErrorCode; title: string; detail?: string | undefined; remedy?: string | undefined; retryAfter?: number | undefined };

function factsOf(error: unknown): Facts {
  if (error instanceof z.ZodError) return { code: 'BAD_INPUT', title: `The request is not valid: ${fieldsOf(error)}.`, detail: z.prettifyError(error), remedy: 'Correct the fields that are named.' };
  if (error instanceof NeuroError && error.code !== 'INTERNAL') {
    const title = error.remedy ? error.message.slice(0, -error.remedy.length).trimEnd() : error.message;
    return { code: error.code, title, detail: error.details, remedy: error.remedy, retryAfter: error.retryAfter };
  }
  if (error instanceof StorageError) return { code: codeOfStorage[error.code], title: error.message };
  const away = whyAway(error);
  if (away) return { code: 'NOT_READY', title: away, remedy: 'Try again in a moment.', retryAfter: 5 };
  const status = statusOf(error);
  const code = status === undefined ? undefined : codeOfStatus[status];
  if (code && error instanceof Error) return { code, title: error.message };
  return { code: 'INTERNAL', title: 'Something went wrong inside the node.', remedy: 'Look up the request id in its log.' };
}

/** SQLSTATE classes and codes, and words of the driver, that say that the database is away or full, not that a statement is wrong. */
const awayCodes = /^(?:08\w{3}|57P0[1-5]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT)$/;
const awayWords = /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|the database thread ended|Cannot use a pool after calling end)/;

function whyAway(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (code === '53100' || code === 'ENOSPC') return 'The disk of this node is full.';
    if (awayCodes.test(String(code)) || (awayWords.test(at.message))) return 'The database of this node does not answer.';
    // A server's socket file that is gone.
    if (code === 'ENOENT' && 'syscall' in at && at.syscall === 'connect') return 'The database of this node does not answer.';
  }
  return undefined;
}

function fieldsOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'the body'} ${issue.message}`).join('; ').slice(0, 500);
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
