const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

function hostNameOf(host: string): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.exec(host.trim());
  return match?.[1]?.toLowerCase();
}

function normalizedOrigin(origin: string): URL | undefined {
  if (!URL.canParse(origin)) return undefined;
  const url = new URL(origin);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

/**
 * Whether a request may reach `/rpc`, by its Host and Origin headers. The Host must be a loopback name or that of an
 * allowed origin (else a page could point its own name at this machine: DNS rebinding). The Origin, if a browser sent
 * one, must be allowed, or loopback itself on the very host that was asked. `allowed` holds origins such as
 * `https://market.example`; `*` lets every Origin in, but not every Host.
 */
export function checkOrigin(parameters: { host?: string | undefined; origin?: string | undefined; allowed: readonly string[] }): boolean {
  const { host, origin, allowed } = parameters;
  const allowedUrls = allowed.filter((entry) => entry !== '*').map(normalizedOrigin).filter((url) => url !== undefined);
  if (host === undefined) return false;
  const name = hostNameOf(host);
  if (name === undefined) return false;
  const hostIsOurs = loopbackNames.has(name) || allowedUrls.some((url) => url.hostname.toLowerCase() === name);
  if (!hostIsOurs) return false;
  if (origin === undefined || allowed.includes('*')) return true;
  const url = normalizedOrigin(origin);
  if (url === undefined) return false;
  if (allowedUrls.some((entry) => entry.origin === url.origin)) return true;
  return loopbackNames.has(name) && url.host.toLowerCase() === host.trim().toLowerCase();
}
