import { type HubError, headerText } from './HubError.ts';

/** A body that throws while it is read must end the connection: its length was promised. */
export type HubResponse = { status: number; headers: Record<string, string>; body?: Uint8Array | AsyncIterable<Uint8Array> };

type JsonParameters = { method: string; status?: number; commit?: string };

/** A value as the hub's clients take it; to HEAD its headers only. */
export function hubJson(value: unknown, { method, status = 200, commit }: JsonParameters): HubResponse {
  const body = new TextEncoder().encode(JSON.stringify(value));
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length), 'cache-control': 'no-store', ...(commit === undefined ? {} : { 'x-repo-commit': commit }) };
  return { status, headers, ...(method === 'HEAD' ? {} : { body }) };
}

/** An error as the hub's clients take it: they branch on `X-Error-Code` and show `X-Error-Message`. */
export function hubRefusal(error: HubError, about: { commit?: string } = {}): HubResponse {
  const body = new TextEncoder().encode(JSON.stringify({ error: error.message }));
  return {
    status: error.status, body,
    headers: {
      'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length), 'cache-control': 'no-store', 'x-error-code': error.code, 'x-error-message': headerText(error.message),
      // The hf command says of a gated repository no more than that it is one; this it prints, once for each text before the semicolon.
      ...(error.status === 402 || error.status === 403 ? { 'x-hf-warning': `${headerText(error.message).split('.')[0]?.replaceAll(';', ',')}; ${headerText(error.message)}` } : {}),
      ...(about.commit === undefined ? {} : { 'x-repo-commit': about.commit }), ...error.headers,
    },
  };
}
