import { NeuroError } from '@neurodata/protocol';
import { t } from '../language/t.ts';

/** Where this browser keeps the node that the user chose. It is no secret. */
const KEY = 'neurodata.node';
/** The query that asks for a node; without a value it asks which. */
const QUERY = 'node';

/** Without encryption only this machine is talked to. The names are those that a content security policy can name. */
const loopback = new Set(['localhost', '127.0.0.1']);

/** Whether these are the files for hosts that are no node (`neurodata site build`): the page itself says so. */
export const isStatic: boolean = globalThis.document?.documentElement.dataset['site'] === 'static';

/**
 * The address of a node as its origin, e.g. `https://market.example`; `https://` may be left out.
 *
 * @throws NeuroError `BAD_INPUT` for what is no address, names a path or a user, or goes unencrypted to another machine.
 */
export function parseNode(text: string): string {
  const typed = text.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `${/^(localhost|127\.0\.0\.1)(:|$)/.test(typed) ? 'http' : 'https'}://${typed}`;
  const brief = typed.slice(0, 100);
  const wrong = (sentence: string): NeuroError => new NeuroError(sentence, { code: 'BAD_INPUT', remedy: t`Enter an address such as https://market.example or http://localhost:4000.` });
  if (typed === '' || !URL.canParse(full)) throw wrong(t`"${brief}" is no address of a node.`);
  const { protocol, hostname, origin, pathname, search, hash, username, password } = new URL(full);
  if (protocol !== 'https:' && protocol !== 'http:') throw wrong(t`"${brief}" is no address of a node.`);
  if (username !== '' || password !== '') throw wrong(t`"${brief}" names a user, whom nodes do not know.`);
  if (pathname !== '/' || search !== '' || hash !== '') throw wrong(t`"${brief}" has something behind the host, where nodes have nothing.`);
  if (protocol === 'http:' && !loopback.has(hostname)) throw wrong(t`"${brief}" is not encrypted: whoever is on the way could change what is shown and signed.`);
  return origin;
}

/** The node that the user chose in this browser, if it still is one that may be chosen. */
export function readNode(): string | undefined {
  const kept = localStorage.getItem(KEY);
  if (kept === null) return undefined;
  try {
    return parseNode(kept);
  } catch {
    return undefined;
  }
}

/** Takes a node from now on. The page begins anew, so that nothing stays that another node has said. */
export function takeNode(origin: string): void {
  localStorage.setItem(KEY, origin);
  leaveQuestion();
}

/** Opens the page that asks for a node. */
export function askForNode(): void {
  location.assign(withQuery(location.href, ''));
}

/** Goes on with the node that there is. */
export function leaveQuestion(): void {
  const here = withQuery(location.href, undefined);
  if (here === location.href) location.reload();
  else location.replace(here);
}

/** What the page's address asks for: a node's address, an empty text for "ask me", undefined for nothing. */
export const askedNode = (href: string): string | undefined => new URL(href).searchParams.get(QUERY) ?? undefined;

/** An address with another `node` in its query, or none. What follows `#` stays. */
export function withQuery(href: string, node: string | undefined): string {
  const url = new URL(href);
  if (node === undefined) url.searchParams.delete(QUERY);
  else url.searchParams.set(QUERY, node);
  return url.href;
}

/**
 * From here on the page reaches no host but its own and this one: a second policy narrows the first (CSP 3, 8.1). What workers
 * reach is beyond it: theirs comes from their files' host.
 */
export function reachOnly(origin: string): void {
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = `connect-src 'self' ${origin}`;
  document.head.append(policy);
}
