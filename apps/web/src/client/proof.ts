import { NeuroError } from '@neurodata/protocol';
import { useSyncExternalStore } from 'react';
import { t } from '../language/t.ts';

type Wait = { done: () => void; give: (error: unknown) => void };

/** Whoever waits for the user to show again who they are; one at a time. */
let waiting: Wait | undefined;
let asked = false;
const listeners = new Set<() => void>();

function set(next: Wait | undefined): void {
  waiting = next;
  asked = next !== undefined;
  for (const listener of listeners) listener();
}

/** Whether a dialog must ask, which must be on the page. */
export function useProofAsked(): boolean {
  return useSyncExternalStore(subscribe, () => asked);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}

/** The dialog's answer: shown, or not. */
export function answerProof(shown: boolean): void {
  const before = waiting;
  set(undefined);
  if (shown) before?.done();
  else before?.give(new NeuroError(t`Nothing was changed.`, { code: 'PROOF_NEEDED', remedy: t`It takes your password, a wallet or a passkey.` }));
}

/** Does something; where the node wants a fresh proof first, the user is asked for it and it is done again. */
export async function withProof<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof NeuroError) || error.code !== 'PROOF_NEEDED' || listeners.size === 0 || waiting) throw error;
  }
  await new Promise<void>((done, give) => { set({ done, give }); });
  return act();
}
