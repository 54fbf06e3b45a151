import { isIPv6 } from 'node:net';
import { NeuroError } from '@neurodata/protocol';
import type { FastifyReply } from 'fastify';

/** Requests a minute; 0 is no limit. */
export type Rates = {
  /** To the API, from one address, whoever calls. */
  address: number;
  /** Of one account through its sessions. */
  account: number;
  /** With one API key. */
  key: number;
  /** To `/rpc`, `/ipfs`, `/pins` and blocks, from one address: machines ask there, and often. */
  door: number;
};
export type RatePolicy = keyof Rates;

export type RateLimits = {
  /** Counts a request and says in the answer's headers how many are left. Throws RATE_LIMITED beyond the limit. */
  count(reply: FastifyReply, policy: RatePolicy, who: string): void;
};

export const noLimits: Rates = { address: 0, account: 0, key: 0, door: 0 };

const windowMs = 60_000;
const mostWindows = 200_000;

type Window = { began: number; count: number };

/** Counts requests in windows of a minute, each beginning with its first request. Counts stand in memory: each process has its own. */
export function createRateLimits(parameters: { rates: Rates; now?: () => number }): RateLimits {
  const { rates, now = () => performance.now() } = parameters;
  const windows = new Map<string, Window>();
  const policyTexts = Object.fromEntries(Object.entries(rates).map(([name, most]) => [name, `"${name}";q=${most};w=${windowMs / 1_000}`])) as Record<RatePolicy, string>;

  const windowOf = (id: string): Window => {
    const known = windows.get(id);
    if (known && now() - known.began < windowMs) return known;
    windows.delete(id);
    // The oldest come first.
    for (const [old, { began }] of windows) {
      if (windows.size < mostWindows && now() - began < windowMs) break;
      windows.delete(old);
    }
    const fresh = { began: now(), count: 0 };
    windows.set(id, fresh);
    return fresh;
  };
  return {
    count: (reply, policy, who) => {
      const most = rates[policy];
      if (most === 0) return;
      const window = windowOf(`${policy} ${who}`);
      window.count += 1;
      const seconds = Math.max(Math.ceil((window.began + windowMs - now()) / 1_000), 1);
      append(reply, 'ratelimit-policy', policyTexts[policy]);
      append(reply, 'ratelimit', `"${policy}";r=${Math.max(most - window.count, 0)};t=${seconds}`);
      if (window.count > most) throw new NeuroError('Too many requests.', { code: 'RATE_LIMITED', remedy: `Try again in ${seconds} second${seconds === 1 ? '' : 's'}.`, retryable: true, retryAfter: seconds });
    },
  };
}

function append(reply: FastifyReply, name: string, value: string): void {
  const before = reply.getHeader(name);
  reply.header(name, typeof before === 'string' ? `${before}, ${value}` : value);
}

/** Whom an address stands for: whoever has one of IPv6 has all of its /64. */
export function addressGroup(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const [left, right] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean)) as [string[], string[]];
  const groups = tail === undefined ? left : [...left, ...Array.from({ length: Math.max(8 - left.length - right.length, 0) }, () => '0'), ...right];
  return `${groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** Which limit by address an URL is under; undefined for pages and for what says whether the node lives. */
export function policyOfUrl(url: string): 'address' | 'door' | undefined {
  if (/^\/(rpc|ipfs|pins|api\/v1\/blocks)(\/|\?|$)/.test(url)) return 'door';
  if (/^\/(is-valid|splits|size|statistics|first-rows|rows|search|filter|parquet)(\?|$)/.test(url) || /^(\/[^/?]+){2,3}\/(resolve|raw)\//.test(url)) return 'address';
  return /^\/(api|graphql|openapi\.json)(\/|\?|$)/.test(url) ? 'address' : undefined;
}
