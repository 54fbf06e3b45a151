import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { StorageError, gatewayBlocks } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { locate } from '../common/postPinned.ts';
import { peerOfMultiaddr, urlOfMultiaddr } from './multiaddr.ts';

/** `bitswap`: where this node speaks it, blocks of the peer at a multiaddr. */
export type OriginRules = { loopback: boolean; bitswap?: ((address: string) => BlockStore) | undefined };

/**
 * The trustless gateways among a pin's origins, and where this node speaks bitswap the peers of libp2p. Only hosts on the public network are asked (with `loopback`, this machine too), and those that a name led to when it was looked at: a
 * caller must not reach this node's neighbours through it.
 */
export function originBlocks(origins: readonly string[], { loopback, bitswap }: OriginRules): BlockStore[] {
  const urls = new Set(origins.flatMap((origin) => urlOfMultiaddr(origin) ?? []));
  const gateways = Array.from(urls, (url) => gatewayBlocks({ url, fetch: (input, init) => getLocated(new URL(input instanceof Request ? input.url : input), { loopback, ...init }) }));
  return bitswap === undefined ? gateways : [...gateways, ...origins.flatMap((origin) => peerBlocks(origin, { loopback, bitswap }) ?? [])];
}

function peerBlocks(origin: string, { loopback, bitswap }: { loopback: boolean; bitswap: (address: string) => BlockStore }): BlockStore | undefined {
  const peer = peerOfMultiaddr(origin);
  if (peer === undefined) return undefined;
  const { host, port, peerId } = peer;
  const there = async (): Promise<BlockStore> => {
    const { address, family } = await expectPublic(new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`), loopback);
    return bitswap(`/ip${family}/${address}/tcp/${port}/p2p/${peerId}`);
  };
  return { has: async (...asked) => (await there()).has(...asked), get: async (...asked) => (await there()).get(...asked), put: async (...asked) => (await there()).put(...asked) };
}

async function expectPublic(url: URL, loopback: boolean): Promise<{ address: string; family: number }> {
  const place = await locate(url);
  if (place.kind !== 'public' && !(place.kind === 'local' && loopback)) throw new StorageError({ code: 'UNREACHABLE', message: `${url.host} is no host on the public network.` });
  return place;
}

async function getLocated(url: URL, { loopback, method = 'GET', headers = {}, signal }: RequestInit & { loopback: boolean }): Promise<Response> {
  const { address, family } = await expectPublic(url, loopback);
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    request(url, {
      method, agent: false, family, headers: Object.fromEntries(new Headers(headers)), ...(signal ? { signal } : {}),
      lookup: (_host, options, callback) => (options.all ? callback(null, [{ address, family }]) : callback(null, address, family)),
    }, (answer) => resolve(new Response(method === 'HEAD' || [204, 205, 304].includes(answer.statusCode ?? 0) ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>), { status: answer.statusCode ?? 502 }))).on('error', reject).end();
  });
}
