import { NeuroError } from '@neurodata/protocol';
import { locate, postPinned } from '../common/postPinned.ts';
import type { Pinned, Resolve } from '../common/postPinned.ts';

const timeoutMs = 5_000;
/** Of an answer's body; the rest is not waited for. */
const mostBytes = 4_096;

type Rules = { loopback: boolean; resolve?: Resolve };

/**
 * The address of a webhook, once it may be posted to: https, no credentials in it, every address of its name public. With `loopback`
 * also plain http to this machine. Throws BAD_INPUT. A name can point elsewhere a moment later: whoever connects takes the address given here.
 */
export async function checkWebhookUrl(text: string, { loopback, resolve }: Rules): Promise<Pinned> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '') throw refused('This is not an https address.');
  const found = await locate(url, resolve);
  if (found.kind === 'nowhere') throw refused(`Nothing is known of ${url.hostname.slice(0, 100)}.`);
  const local = loopback && found.kind === 'local';
  if (!local && url.protocol !== 'https:') throw refused('This is not an https address.');
  if (found.kind !== 'public' && !(found.kind === 'local' && loopback)) throw refused('This is not an address on the public network.');
  return { url, address: found.address, family: found.family };
}

function refused(message: string): NeuroError {
  return new NeuroError(message, { code: 'BAD_INPUT', remedy: 'Give the https address of a server that anybody can reach.' });
}

/** Posts JSON to a webhook, at the address that was checked. Follows no redirect. Resolves with the status; rejects where there is none within 5 s. */
export async function postWebhook(parameters: Rules & { url: string; headers: Record<string, string>; body: string; signal?: AbortSignal }): Promise<number> {
  const { headers, body, signal } = parameters;
  const pinned = await checkWebhookUrl(parameters.url, parameters);
  const within = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
  const { status } = await postPinned({ ...pinned, body, mostBytes, signal: within, headers: { ...headers, 'user-agent': 'NeuroData-Webhook/1' } });
  return status;
}
