import { StorageError } from './StorageError.ts';

/** What a pin, or a page of a thousand of them, may take. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export type Asked = { status: number; text: string };

/**
 * One request to its last byte under a deadline, its answer bounded. `who` is named in errors; neither address nor credential is.
 *
 * @throws StorageError `TIMEOUT`, `UNREACHABLE` (also for 429 and from 500 up, unless `answered` takes them), `TOO_LARGE`.
 */
export async function ask(parameters: { who: string; url: string; init: RequestInit; deadlineMs: number; fetch?: typeof fetch; answered?: (status: number) => boolean }): Promise<Asked> {
  const { who, url, init, deadlineMs, answered = (status) => status < 500 && status !== 429 } = parameters;
  const send: typeof fetch = parameters.fetch ?? ((input, options) => fetch(input, options));
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    // A credential must not follow to wherever an answer points.
    const response = await send(url, { ...init, redirect: 'error', signal: deadline });
    const text = await boundedText(response, who);
    if (!answered(response.status)) throw new StorageError({ code: 'UNREACHABLE', message: `${who} answered ${response.status}${saidBy(text)}. Later may help.` });
    return { status: response.status, text };
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    // What went wrong with that which was sent.
    if (cause instanceof Error && cause.cause instanceof StorageError) throw cause.cause;
    if (deadline.aborted) throw new StorageError({ code: 'TIMEOUT', cause, message: `${who} did not answer within ${deadlineMs} ms.` });
    throw new StorageError({ code: 'UNREACHABLE', cause, message: `${who} cannot be reached.` });
  }
}

/** A stranger's words, short and on one line, behind a colon; nothing where there are none. */
export function saidBy(text: string): string {
  const words = text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ').replace(/\s+/g, ' ').trim().slice(0, 200);
  return words === '' ? '' : `: ${words}`;
}

/** @throws StorageError `UNREACHABLE` for what is no JSON: somebody else answers there. */
export function parseAnswer(who: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StorageError({ code: 'UNREACHABLE', cause, message: `${who} did not answer in JSON. Check the address.` });
  }
}

async function boundedText(response: Response, who: string): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > MAX_ANSWER_BYTES) {
      await reader.cancel();
      throw new StorageError({ code: 'TOO_LARGE', message: `${who} answered with more than ${MAX_ANSWER_BYTES} bytes.` });
    }
    text += decoder.decode(next.value, { stream: true });
  }
  return text + decoder.decode();
}
