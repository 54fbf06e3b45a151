import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';

/**
 * As `fetch`, but for bytes that are PUT: these are written to the connection from where they lie, where `fetch` copies them three times, which costs more than sending them. A redirection, and
 * a kept connection that the server has closed meanwhile, are left to `fetch`.
 */
export const sendBytes: typeof fetch = async (input, init) => {
  const { method, body, signal } = init ?? {};
  if (method !== 'PUT' || !(body instanceof Uint8Array) || input instanceof Request) return fetch(input, init);
  const answer = await put({ url: new URL(input), headers: Object.fromEntries(new Headers(init?.headers)), body: body as Uint8Array<ArrayBuffer>, signal: signal ?? undefined });
  return answer ?? fetch(input, init);
};

type Put = { url: URL; headers: Record<string, string>; body: Uint8Array<ArrayBuffer>; signal: AbortSignal | undefined };

/** Undefined where `fetch` is to try. Whatever becomes of it, the bytes are not read any more when it is over. */
function put({ url, headers, body, signal }: Put): Promise<Response | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Response | undefined>();
  const request = (url.protocol === 'https:' ? requestSecure : requestPlain)(url, { method: 'PUT', headers: { ...headers, 'content-length': body.length }, ...(signal ? { signal } : {}) });
  const take = async (response: IncomingMessage): Promise<void> => {
    const answer = await readAnswer(response);
    // It may come before all was sent.
    if (!request.writableFinished) request.destroy();
    resolve(answer);
  };
  request.on('response', (response) => void take(response).catch(reject));
  request.on('error', (error) => {
    if (request.reusedSocket && signal?.aborted !== true) resolve(undefined);
    else reject(error);
  });
  request.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  return promise;
}

async function readAnswer(response: IncomingMessage): Promise<Response | undefined> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of response) pieces.push(new Uint8Array(piece as Buffer));
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) return undefined;
  const headers = new Headers();
  for (const [name, values] of Object.entries(response.headersDistinct)) for (const value of values ?? []) headers.append(name, value);
  // Answers of these have no body.
  return new Response([204, 205].includes(status) ? null : new Blob(pieces), { status, headers });
}
