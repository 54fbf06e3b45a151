import type { Asked } from './askJson.ts';
import { ask, parseAnswer, saidBy } from './askJson.ts';
import type { PinRequest, PinState, Pinned, PinningTarget } from './PinningTarget.ts';
import { StorageError } from './StorageError.ts';

export type PinningServiceParameters = {
  /** Base address, to which `/pins` is added. */
  url: string;
  /** Bearer token. */
  token: string;
  /** For people; the address's host where absent. */
  name?: string;
  fetch?: typeof fetch;
  /** Time for one request, in milliseconds. */
  deadlineMs?: number;
};

const DEADLINE_MS = 30_000;
const PAGE = 1_000;
const MAX_NAME = 255;
const STATES: readonly string[] = ['queued', 'pinning', 'pinned', 'failed'] satisfies PinState[];

/**
 * A service that speaks the IPFS Pinning Service API (https://ipfs.github.io/pinning-services-api-spec/, 1.0.0). Most that put
 * data on Filecoin do.
 *
 * @throws StorageError from its methods as {@link PinningTarget} says; `UNSUPPORTED` also for a token that they do not take.
 */
export function pinningService(parameters: PinningServiceParameters): PinningTarget {
  const { token, deadlineMs = DEADLINE_MS } = parameters;
  const base = parameters.url.replace(/\/+$/, '');
  const who = parameters.name ?? new URL(base).host;
  const call = async (method: string, path: string, body?: object): Promise<Asked> => {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) };
    const asked = await ask({ who, url: `${base}/pins${path}`, deadlineMs, init: { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }, ...(parameters.fetch ? { fetch: parameters.fetch } : {}) });
    if (asked.status < 400 || asked.status === 404) return asked;
    const remedy = asked.status === 401 || asked.status === 403 ? 'Check its token.' : asked.status === 409 ? 'The account there cannot pay for more.' : '';
    throw new StorageError({ code: 'UNSUPPORTED', message: `${who} refused with ${asked.status}${saidBy(reasonOf(asked.text))}. ${remedy}`.trim() });
  };
  const page = async (query: Record<string, string>): Promise<{ count: number; results: Pin[] }> => {
    const { status, text } = await call('GET', `?${new URLSearchParams(query).toString()}`);
    return status === 404 ? { count: 0, results: [] } : resultsOf(who, parseAnswer(who, text));
  };
  const every = STATES.join(',');
  return {
    name: who,
    pin: async (request) => {
      // Asked first: a service makes a second pin of the same CID without a word.
      const known = (await page({ cid: request.cid, status: 'queued,pinning,pinned', limit: '1' })).results[0];
      if (known) return known;
      const { text } = await call('POST', '', pinOf(request));
      return pinnedOf(who, parseAnswer(who, text));
    },
    status: async ({ cid, id }) => {
      const { status, text } = await call('GET', `/${encodeURIComponent(id)}`);
      return status === 404 ? { cid, id, name: '', state: 'none' } : pinnedOf(who, parseAnswer(who, text));
    },
    unpin: async ({ id }) => void (await call('DELETE', `/${encodeURIComponent(id)}`)),
    list: async function* () {
      let before: string | undefined;
      const seen = new Set<string>();
      for (;;) {
        const { results } = await page({ status: every, limit: String(PAGE), ...(before === undefined ? {} : { before }) });
        const fresh = results.filter(({ id }) => !seen.has(id));
        for (const one of fresh) {
          seen.add(one.id);
          yield one;
        }
        before = results.at(-1)?.created;
        if (fresh.length === 0 || results.length < PAGE || before === undefined) return;
      }
    },
    check: async () => {
      const { count } = await page({ status: every, limit: '1' });
      return `${who}, a pinning service, keeps ${count} pins`;
    },
  };
}

type Pin = Pinned & { created?: string };

function pinOf({ cid, name, origins = [] }: PinRequest): object {
  return { cid, name: name.slice(0, MAX_NAME), ...(origins.length > 0 ? { origins: origins.slice(0, 20) } : {}) };
}

function pinnedOf(who: string, value: unknown): Pin {
  const { requestid, status, pin, created, info } = record(value);
  const { cid, name } = record(pin);
  if (typeof requestid !== 'string' || typeof status !== 'string' || !STATES.includes(status) || typeof cid !== 'string') {
    throw new StorageError({ code: 'UNREACHABLE', message: `${who} answered with what is no pin. Check the address.` });
  }
  const why = record(info)['status_details'];
  return { id: requestid, state: status as PinState, cid, name: typeof name === 'string' ? name : '', ...(typeof created === 'string' ? { created } : {}), ...(typeof why === 'string' ? { why: why.slice(0, 200) } : {}) };
}

function resultsOf(who: string, value: unknown): { count: number; results: Pin[] } {
  const { count, results } = record(value);
  if (typeof count !== 'number' || !Array.isArray(results)) throw new StorageError({ code: 'UNREACHABLE', message: `${who} answered with what is no list of pins. Check the address.` });
  return { count, results: results.map((one) => pinnedOf(who, one)) };
}

/** Failures are `{"error": {"reason", "details"}}`. */
function reasonOf(text: string): string {
  try {
    const { reason, details } = record(record(JSON.parse(text))['error']);
    return [reason, details].filter((part) => typeof part === 'string').join(' ');
  } catch {
    return '';
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
