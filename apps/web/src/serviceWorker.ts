/**
 * Lets the site open without a network: its own files, and what it was told of public things before. Nothing is kept that a node does not call public, nothing that
 * names an account, nothing that was asked for with a credential. It imports nothing, so that it is one file.
 */

type Lasting = Event & { waitUntil: (work: Promise<unknown>) => void };
type Asked = Lasting & { request: Request; respondWith: (answer: Promise<Response>) => void };
type Scope = {
  registration: { scope: string };
  clients: { claim: () => Promise<void> };
  skipWaiting: () => Promise<void>;
  addEventListener(name: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(name: 'fetch', listener: (event: Asked) => void): void;
};

/** Which files a first view needs, and the digest of the whole site; the build puts it here. */
declare const NEURODATA_SHELL: { build: string; files: string[] };

const scope = globalThis as unknown as Scope;
const shellCache = `shell-${NEURODATA_SHELL.build}`;
const answersCache = 'answers-1';
/** Answers that are kept; the oldest go first. */
const MOST_ANSWERS = 300;
/** What everybody may read and nobody is named by. */
const publicPath = /^\/api\/v1\/(config|stats|search|categories|tags|featured|collections|assets|datasets|models|algorithms|listings|reviews|validators|workers|jurors|proposals|governance)(\/|$)/;
const notPages = /^\/(api|graphql|ipfs|rpc|openapi\.json|healthz|readyz|metrics)(\/|$)/;

const at = (file: string): string => new URL(file, scope.registration.scope).href;

scope.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    await (await caches.open(shellCache)).addAll(NEURODATA_SHELL.files.map(at));
    await scope.skipWaiting();
  })());
});

scope.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== shellCache && name !== answersCache) await caches.delete(name);
    await scope.clients.claim();
  })());
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) {
    // The copy of what is sent, which would lie here until a collection that nothing hastens: a large upload fills the memory with it. Not every browser gives it.
    const copy = (request as { body?: ReadableStream | null }).body;
    if (copy) event.waitUntil(copy.cancel());
    return;
  }
  if (request.mode === 'navigate') {
    if (!notPages.test(url.pathname)) event.respondWith(openPage(request));
  } else if (url.href.startsWith(at('assets/'))) event.respondWith(openFile(request));
  else if (mayKeep(request, url)) event.respondWith(askNode(request));
});

function mayKeep(request: Request, url: URL): boolean {
  return publicPath.test(url.pathname) && !request.headers.has('authorization') && !/0x[0-9a-f]{40}/i.test(url.pathname + url.search);
}

/** The newest site where there is a network, else the kept one: it finds its way by the address. */
async function openPage(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(at('index.html'));
    if (kept) return kept;
    throw error;
  }
}

/** Names of files change with what is in them, so a kept one is the right one. */
async function openFile(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(shellCache)).put(request, response.clone());
  return response;
}

/** What the node says now, else what it said before. */
async function askNode(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.ok && /\bpublic\b/.test(response.headers.get('cache-control') ?? '')) await keep(request, response.clone());
    return response;
  } catch (error) {
    const kept = await caches.match(request);
    if (kept) return kept;
    throw error;
  }
}

async function keep(request: Request, response: Response): Promise<void> {
  const cache = await caches.open(answersCache);
  await cache.put(request, response);
  const known = await cache.keys();
  for (const old of known.slice(0, Math.max(0, known.length - MOST_ANSWERS))) await cache.delete(old);
}
