import type { SignedIn, User } from '@neurodata/protocol';
import { useSyncExternalStore } from 'react';
import { api, callers } from './api.ts';

/** Says to later visits that there is a session to ask for; it holds no secret. */
const KEY = 'neurodata.signedIn';
/** Seconds before its end at which a credential is renewed. */
const margin = 30;
const listeners = new Set<() => void>();
/** The access credential lives here and nowhere else; the refresh credential in a cookie that scripts cannot read. */
let current: SignedIn | undefined;

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}

/** Keeps what signing in gave. */
export function keepSession(signedIn: SignedIn): User {
  current = signedIn;
  localStorage.setItem(KEY, signedIn.user.userId);
  tell();
  return signedIn.user;
}

export function forgetSession(): void {
  current = undefined;
  localStorage.removeItem(KEY);
  tell();
}

/** Whether somebody is signed in here, as far as this browser knows. */
export function useSignedIn(): boolean {
  return useSyncExternalStore(subscribe, () => localStorage.getItem(KEY)) !== null;
}

const isFresh = (): boolean => current !== undefined && current.accessExpiresAt > Date.now() / 1_000 + margin;

/** A second use of a refresh credential would end the session, so tabs take turns. */
function inTurn(work: () => Promise<void>): Promise<void> {
  return 'locks' in navigator ? navigator.locks.request(KEY, work) : work();
}

async function credential(): Promise<string | undefined> {
  if (localStorage.getItem(KEY) === null) return undefined;
  if (!isFresh()) await inTurn(async () => {
    if (isFresh()) return;
    try {
      keepSession(await api.refresh({}));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'UNAUTHENTICATED') forgetSession();
      throw error;
    }
  });
  return current?.access;
}
callers.credential = credential;
