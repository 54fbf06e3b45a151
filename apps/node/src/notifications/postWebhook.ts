import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { NeuroError } from '@neurodata/protocol';
import { isLoopbackAddress, isPublicAddress } from './publicAddress.ts';

const timeoutMs = 5_000;
/** Of an answer's body; the rest is not waited for. */
const mostBytes = 4_096;

export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>;

type Rules = { loopback: boolean; resolve?: Resolve };

const resolveAll: Resolve = (host) => lookup(host, { all: true });

/**
 * The address of a webhook, once it may be posted to: https, no credentials in it, every address of its name public. With `loopback`
 * also plain http to this machine. Throws BAD_INPUT. A name can point elsewhere a moment later: whoever connects takes the address given here.
 */
export async function checkWebhookUrl(text: string, { loopback, resolve = resolveAll }: Rules): Promise<{ url: URL; address: string; family: number }> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '') throw refused('This is not an https address.');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const found = isIP(host) === 0 ? await resolve(host).catch(() => []) : [{ address: host, family: isIP(host) }];
  const [first] = found;
  if (!first) throw refused(`Nothing is known of ${host.slice(0, 100)}.`);
  const local = loopback && found.every(({ address }) => isLoopbackAddress(address));
  if (!local && url.protocol !== 'https:') throw refused('This is not an https address.');
  if (!local && !found.every(({ address }) => isPublicAddress(address))) throw refused('This is not an address on the public network.');
  return { url, ...first };
}

function refused(message: string): NeuroError {
  return new NeuroError(message, { code: 'BAD_INPUT', remedy: 'Give the https address of a server that anybody can reach.' });
}

/** Posts JSON to a webhook, at the address that was checked. Follows no redirect. Resolves with the status; rejects where there is none within 5 s. */
export async function postWebhook(parameters: Rules & { url: string; headers: Record<string, string>; body: string; signal?: AbortSignal }): Promise<number> {
  const { headers, body, signal } = parameters;
  const { url, address, family } = await checkWebhookUrl(parameters.url, parameters);
  const within = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST', agent: false, signal: within, family,
      lookup: (_host, options, callback) => (options.all ? callback(null, [{ address, family }]) : callback(null, address, family)),
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'user-agent': 'NeuroData-Webhook/1' },
    }, (response) => {
      let bytes = 0;
      const end = (): void => resolve(response.statusCode ?? 0);
      response.on('data', (piece: Buffer) => {
        bytes += piece.length;
        if (bytes > mostBytes) response.destroy();
      });
      response.on('close', end);
      response.on('error', end);
    });
    sent.on('error', (error) => reject(within.aborted ? (within.reason as Error) : error));
    sent.end(body);
  });
}
