import { isIPv4, isIPv6 } from 'node:net';
import { peerIdOfText } from '@neurodata/storage';

/** The HTTP address that a multiaddr names, as https://multiformats.io/multiaddr/ writes it: `/dns4/a.example/tcp/443/https`, `/ip4/1.2.3.4/tcp/80/http`, `/dns/a.example/tcp/443/tls/http`. Undefined for every other transport. */
export function urlOfMultiaddr(text: string): string | undefined {
  const [, kind = '', host = '', port = '', last] = /^\/(dns|dns4|dns6|ip4|ip6)\/([^/]{1,255})\/tcp\/(\d{1,5})\/(https|http|tls\/http)(?:\/p2p\/\w+)?\/?$/.exec(text) ?? [];
  const fits = kind === 'ip4' ? isIPv4(host) : kind === 'ip6' ? isIPv6(host) : /^[a-z0-9.-]+$/i.test(host);
  if (!fits || Number(port) > 65_535) return undefined;
  return `${last === 'http' ? 'http' : 'https'}://${kind === 'ip6' ? `[${host}]` : host}:${port}`;
}

/** A peer of libp2p by TCP: `/ip4/192.0.2.1/tcp/4001/p2p/12D3KooW...`. Undefined for every other transport. */
export function peerOfMultiaddr(text: string): { host: string; port: number; peerId: string } | undefined {
  const [, kind = '', host = '', port = '', peerId = ''] = /^\/(dns|dns4|dns6|ip4|ip6)\/([^/]{1,255})\/tcp\/(\d{1,5})\/p2p\/([1Q][1-9A-HJ-NP-Za-km-z]{40,60})$/.exec(text) ?? [];
  const fits = kind === 'ip4' ? isIPv4(host) : kind === 'ip6' ? isIPv6(host) : /^[a-z0-9.-]+$/i.test(host);
  return fits && Number(port) <= 65_535 ? { host, port: Number(port), peerId } : undefined;
}

/** Where an HTTP address is, as a multiaddr. */
export function multiaddrOfUrl(address: string): string {
  const { protocol, hostname, port } = new URL(address);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const kind = isIPv4(host) ? 'ip4' : isIPv6(host) ? 'ip6' : 'dns';
  const secure = protocol === 'https:';
  return `/${kind}/${host}/tcp/${port || (secure ? 443 : 80)}/${secure ? 'https' : 'http'}`;
}

/**
 * The same with a peer id, without which kubo takes no delegate (`invalid p2p multiaddr`) and tells its user that a pin failed which we have. There is no key behind this one: it is a digest of the
 * address, as others make ids for gateways that speak HTTP only, and nobody can prove to be it.
 */
export function delegateOfUrl(address: string): string {
  const multiaddr = multiaddrOfUrl(address);
  return `${multiaddr}/p2p/${peerIdOfText(multiaddr)}`;
}
