import { useSyncExternalStore } from 'react';

let open = 0;
const listeners = new Set<() => void>();

function set(count: number): void {
  open = count;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}

/** Counts a modal dialog while it is open; gives how it is closed. */
export function openDialog(): () => void {
  set(open + 1);
  return () => set(open - 1);
}

/** How many modal dialogs are open: the page behind them can be neither read nor used. */
export const useDialogs = (): number => useSyncExternalStore(subscribe, () => open);
