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
  const status = statusOf(error);
  const code = status === undefined ? undefined : codeOfStatus[status];
  if (code && error instanceof Error) return { code, title: error.message };
  return { code: 'INTERNAL', title: 'Something went wrong inside the node.', remedy: 'Look up the request id in its log.' };
}

function fieldsOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'the body'} ${issue.message}`).join('; ').slice(0, 500);
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
