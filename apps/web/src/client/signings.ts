import type { Signing } from '@neurodata/sdk';
import { useSyncExternalStore } from 'react';

/** Something signed here; `restored` where an earlier load of the page sent it and nobody waits for it any more. */
export type KeptSigning = Signing & { restored?: true };

const KEY = 'neurodata.signings';
const listeners = new Set<() => void>();
let signings: readonly KeptSigning[] = restore();

/** What was on its way when the page was left: this tab goes on watching it. */
function restore(): KeptSigning[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as Signing[];
    return kept.map((signing) => ({ ...signing, restored: true }));
  } catch {
    return [];
  }
}

function set(next: readonly KeptSigning[]): void {
  signings = next;
  const onTheWay = next.filter(({ state }) => state === 'sent').map(({ id, kind, account, sentence, state, hash }) => ({ id, kind, account, sentence, state, hash }));
  if (onTheWay.length > 0) sessionStorage.setItem(KEY, JSON.stringify(onTheWay));
  else sessionStorage.removeItem(KEY);
  for (const listener of listeners) listener();
}

/** Keeps how one thing that is signed stands, in the order in which they were asked. What was refused and is tried again is not told twice. */
export function tellSigning(signing: Signing): void {
  const isKnown = signings.some(({ id }) => id === signing.id);
  set(isKnown ? signings.map((known) => (known.id === signing.id ? signing : known)) : [...signings.filter((known) => !isRetried(known, signing)), signing]);
}

/** Whether the same was refused before. */
function isRetried(known: Signing, { account, sentence }: Signing): boolean {
  return known.state === 'rejected' && known.account === account && known.sentence === sentence;
}

export function dismissSigning(id: string): void {
  set(signings.filter((signing) => signing.id !== id));
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
};

/** What is being signed here and what came of it, until it is dismissed. */
export const readSignings = (): readonly KeptSigning[] => signings;

/** The same, as it changes. */
export const useSignings = (): readonly KeptSigning[] => useSyncExternalStore(subscribe, readSignings);
