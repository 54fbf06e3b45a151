import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './publicAddress.ts';

export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>;

/** Where a request goes, whatever the name in its URL says a moment later. */
export type Pinned = { url: URL; address: string; family: number };

/** Where a host's name leads: to this machine alone, to the public network alone, elsewhere, or nowhere. */
export type Whereabouts = { kind: 'nowhere' | 'elsewhere' } | { kind: 'local' | 'public'; address: string; family: number };

const resolveAll: Resolve = (host) => lookup(host, { all: true });

/** Looks a URL's host up; one private address among several makes it `elsewhere`. */
export async function locate(url: URL, resolve: Resolve = resolveAll): Promise<Whereabouts> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const found = isIP(host) === 0 ? await resolve(host).catch(() => []) : [{ address: host, family: isIP(host) }];
  const [first] = found;
  if (!first) return { kind: 'nowhere' };
  if (found.every(({ address }) => isLoopbackAddress(address))) return { kind: 'local', ...first };
  return found.every(({ address }) => isPublicAddress(address)) ? { kind: 'public', ...first } : { kind: 'elsewhere' };
}

/**
 * Posts JSON to the address that was looked up. Follows no redirect, and reads `mostBytes` of the answer: `whole` tells whether that was all. Rejects where
 * there is no answer, or when `signal` aborts.
 */
export async function postPinned(parameters: Pinned & { headers: Record<string, string>; body: string; mostBytes: number; signal: AbortSignal }): Promise<{ status: number; bytes: Buffer; whole: boolean }> {
  const { url, address, family, headers, body, mostBytes, signal } = parameters;
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST', agent: false, signal, family,
      lookup: (_host, options, callback) => (options.all ? callback(null, [{ address, family }]) : callback(null, address, family)),
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    }, (response) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      const end = (): void => resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(pieces).subarray(0, mostBytes), whole: response.complete && bytes <= mostBytes });
      response.on('data', (piece: Buffer) => {
        bytes += piece.length;
        pieces.push(piece);
        if (bytes > mostBytes) response.destroy();
      });
      response.on('close', end);
      response.on('error', end);
    });
    sent.on('error', (error) => reject(signal.aborted ? (signal.reason as Error) : error));
    sent.end(body);
  });
}
