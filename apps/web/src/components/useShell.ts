import { useSyncExternalStore } from 'react';

type Dialog = 'wallet' | 'palette';

let current: Dialog | undefined;
const listeners = new Set<() => void>();

function set(dialog: Dialog | undefined): void {
  current = dialog;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Which of the dialogs that belong to no page is open, and how to open one from anywhere. */
export function useShell(): { open: Dialog | undefined; show: (dialog: Dialog) => void; hide: () => void } {
  return { open: useSyncExternalStore(subscribe, () => current), show: set, hide: () => set(undefined) };
}
