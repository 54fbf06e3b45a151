import type { DemoAccount } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { demoAccountsQuery } from '../queries/chain.ts';

const KEY = 'neurodata.wallet';
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}

/** Remembers which demo wallet acts here; undefined disconnects. The key itself is read from the node each time. */
export function chooseWallet(address: string | undefined): void {
  if (address) localStorage.setItem(KEY, address);
  else localStorage.removeItem(KEY);
  for (const listener of listeners) listener();
}

/** Whether a wallet was chosen here and the node has not yet said whether it still offers it: neither "connected" nor "not". */
export function useWalletPending(): boolean {
  const chosen = useSyncExternalStore(subscribe, () => localStorage.getItem(KEY));
  const { isPending } = useQuery({ ...demoAccountsQuery(), enabled: chosen !== null });
  return chosen !== null && isPending;
}

/** The wallet that acts here, if one was chosen and the node still offers it. */
export function useWallet(): DemoAccount | undefined {
  const chosen = useSyncExternalStore(subscribe, () => localStorage.getItem(KEY));
  const { data } = useQuery({ ...demoAccountsQuery(), enabled: chosen !== null });
  return data?.find(({ address }) => address === chosen);
}
