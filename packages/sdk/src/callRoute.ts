import { type ErrorCode, NeuroError, type Problem, type Route, firstRoutes, httpStatusByCode } from '@neurodata/protocol';
import { z } from 'zod';

/** Of one call. */
export type CallOptions = {
  signal?: AbortSignal;
  /** Sent with what changes something: however often it arrives, it takes effect once. */
  idempotencyKey?: string;
};

export type ConnectParameters = {
  url: string;
  fetch?: typeof fetch;
  deadlineMs?: number;
  /** The access credential of a session, or an API key; sent to the routes that ask who calls, and to no other. */
  credential?: () => Promise<string | undefined>;
};

export type CallRouteParameters = ConnectParameters & { route: Route; input: Record<string, unknown> } & CallOptions;

/** Calls one route at a base URL; also used for the routes that validators answer. */
export async function callRoute(parameters: CallRouteParameters): Promise<unknown> {
  const { route, input, signal, idempotencyKey, deadlineMs = 20_000 } = parameters;
  const send = parameters.fetch ?? ((url, init) => fetch(url, init));
  const { address, body } = requestOf(parameters.url, route, input);
  const deadline = AbortSignal.timeout(deadlineMs);
  const credential = route.access === undefined ? undefined : await parameters.credential?.();
  try {
    const response = await send(address, {
      method: route.method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }), ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }) },
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return await readResponse(address, route, response);
  } catch (cause) {
    if (cause instanceof NeuroError) throw cause;
    signal?.throwIfAborted();
    if (deadline.aborted) throw new NeuroError(`${address} did not answer within ${deadlineMs / 1000} s.`, { code: 'TIMEOUT', remedy: 'Try again.', retryable: true, cause });
    throw new NeuroError(`${parameters.url} cannot be reached.`, { code: 'UNREACHABLE', remedy: 'Check the address and that the node runs.', retryable: true, cause });
  }
}

function requestOf(base: string, route: Route, input: Record<string, unknown>): { address: string; body: unknown } {
  const used = new Set<string>();
  const path = route.path.replace(/\{(\w+)\}/g, (_, key: string) => {
    used.add(key);
    return encodeURIComponent(String(input[key]));
  });
  const rest = Object.fromEntries(Object.entries(input).filter(([key, value]) => !used.has(key) && value !== undefined));
  const root = base.replace(/\/+$/, '');
  if (route.body) return { address: `${root}${path}`, body: z.encode(route.body, rest) };
  const query = new URLSearchParams(Object.entries(rest).map(([key, value]) => [key, String(value)])).toString();
  return { address: `${root}${path}${query ? `?${query}` : ''}`, body: undefined };
}

async function readResponse(address: string, route: Route, response: Response): Promise<unknown> {
  const text = await response.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new NeuroError(`${address} answered ${response.status} without JSON.`, { code: 'UNREACHABLE', remedy: 'Check that this is the address of a NeuroData node.', retryable: response.status >= 500, cause });
  }
  // Readiness answers 503 with its document, so the document decides before the status does.
  const decoded = z.safeDecode(route.response, value as never);
  if (decoded.success && (response.ok || route === firstRoutes.getReadiness)) return decoded.data;
  if (!response.ok) throw problemError(value as Partial<Problem>, response.status);
  throw new NeuroError(`The answer of ${address} has another form than expected.`, { code: 'INTERNAL', remedy: 'Use a node and a client of the same version.', details: decoded.success ? '' : z.prettifyError(decoded.error) });
}

/** For answers that name no code, e.g. of a proxy in between. */
const codeByStatus: Record<number, ErrorCode> = { 400: 'BAD_INPUT', 401: 'UNAUTHENTICATED', 402: 'NO_FUNDS', 403: 'FORBIDDEN', 404: 'NOT_FOUND', 409: 'CONFLICT', 413: 'TOO_LARGE', 422: 'BAD_INPUT', 429: 'RATE_LIMITED', 502: 'UNREACHABLE', 503: 'NOT_READY', 504: 'TIMEOUT' };

function problemError(problem: Partial<Problem>, status: number): NeuroError {
  const known = problem.code !== undefined && problem.code in httpStatusByCode ? problem.code : undefined;
  return new NeuroError(problem.title ?? `The node answered ${status}.`, {
    code: known ?? codeByStatus[status] ?? 'INTERNAL',
    ...(problem.remedy ? { remedy: problem.remedy } : {}),
    ...(problem.detail ? { details: problem.detail } : {}),
    retryable: status >= 500 || status === 429 || known === 'IDEMPOTENCY_BUSY',
    ...(problem.retryAfter === undefined ? {} : { retryAfter: problem.retryAfter }),
  });
}
