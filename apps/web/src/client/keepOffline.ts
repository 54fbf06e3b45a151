import { isStatic } from './chosenNode.ts';

/** Milliseconds after which the page stands, so that what is kept for later takes nothing from it. */
const PAUSE_MS = 4_000;

/** Has the service worker keep the site and what the node says in public; `onReady` once it is there for the first time, since it has not seen what was asked before. */
export function keepOffline(onReady: () => void): void {
  // `vite dev` builds no service worker; hosts that are no node may share their addresses with others, and keep files themselves.
  if (!import.meta.env.PROD || isStatic || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  if (!serviceWorker.controller) serviceWorker.addEventListener('controllerchange', onReady, { once: true });
  // A browser that refuses (private windows, no secure address) shows the site all the same.
  addEventListener('load', () => setTimeout(() => void serviceWorker.register('/serviceWorker.js').catch(() => undefined), PAUSE_MS));
}
