import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { StorageError, gatewayBlocks } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { locate } from '../common/postPinned.ts';
import { urlOfMultiaddr } from './multiaddr.ts';

/**
 * The trustless gateways among a pin's origins. Only hosts on the public network are asked (with `loopback`, this machine too), and those that a name led to when it was looked at: a
 * caller must not reach this node's neighbours through it.
 */
export function originBlocks(origins: readonly string[], { loopback }: { loopback: boolean }): BlockStore[] {
  const urls = new Set(origins.flatMap((origin) => urlOfMultiaddr(origin) ?? []));
  return Array.from(urls, (url) => gatewayBlocks({ url, fetch: (input, init) => getLocated(new URL(input instanceof Request ? input.url : input), { loopback, ...init }) }));
}

async function getLocated(url: URL, { loopback, method = 'GET', headers = {}, signal }: RequestInit & { loopback: boolean }): Promise<Response> {
  const place = await locate(url);
  if (place.kind !== 'public' && !(place.kind === 'local' && loopback)) throw new StorageError({ code: 'UNREACHABLE', message: `${url.host} is no host on the public network.` });
  const { address, family } = place;
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    request(url, {
      method, agent: false, family, headers: Object.fromEntries(new Headers(headers)), ...(signal ? { signal } : {}),
      lookup: (_host, options, callback) => (options.all ? callback(null, [{ address, family }]) : callback(null, address, family)),
    }, (answer) => resolve(new Response(method === 'HEAD' || [204, 205, 304].includes(answer.statusCode ?? 0) ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>), { status: answer.statusCode ?? 502 }))).on('error', reject).end();
  });
}
