import { useSyncExternalStore } from 'react';
import type { Address } from 'viem';

/** The name under which a wallet on another device is remembered, where others have theirs of EIP-6963. */
export const WALLET_CONNECT = 'walletconnect';

/** What this browser remembers of who acts here: a demo wallet's address, or an own wallet by its name (EIP-6963 `rdns`) and account. */
export type WalletChoice = { address: Address } | { rdns: string; address: Address };

/** An account of a wallet that the user brought. `icon` is a stranger's: for <img> alone. */
export type InjectedWallet = { address: Address; name: string; role: string; rdns: string; icon: string | undefined };

/** A wallet of the user's own: one that announced itself in this browser, or one behind WalletConnect. What it says of itself is a stranger's. */
export type OwnWallet = { info: { name: string; rdns: string; icon?: unknown }; provider: unknown };

/** How the remembered own wallet stands. `missing`: no such wallet is in this browser; `locked`: it shows this page no account; `lost`: it has no connection; `ended`: it has taken the connection back, for good. */
export type InjectedState = { rdns: string; state: 'looking' | 'missing' | 'locked' | 'lost' | 'ended' | 'ready'; wallet?: InjectedWallet; chainId?: number };

const KEY = 'neurodata.wallet';
const listeners = new Set<() => void>();
let injected: InjectedState | undefined;
let parsed: { text: string | null; choice: WalletChoice | undefined } = { text: null, choice: undefined };

function tell(): void {
  for (const listener of listeners) listener();
}

/** Calls back when this tab or another one chose, and when the own wallet changed. */
export function onWallet(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}

export function readChoice(): WalletChoice | undefined {
  const text = localStorage.getItem(KEY);
  if (text !== parsed.text) parsed = { text, choice: text === null ? undefined : parse(text) };
  return parsed.choice;
}

function parse(text: string): WalletChoice | undefined {
  if (text.startsWith('0x')) return { address: text as Address };
  try {
    const { rdns, address } = JSON.parse(text) as Record<string, unknown>;
    return typeof rdns === 'string' && typeof address === 'string' ? { rdns, address: address as Address } : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers who acts here; undefined forgets. */
export function writeChoice(choice: WalletChoice | undefined): void {
  const text = !choice ? undefined : 'rdns' in choice ? JSON.stringify({ rdns: choice.rdns, address: choice.address }) : choice.address;
  if (text === undefined) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, text);
  tell();
}

export const isWalletConnect = (choice: WalletChoice | undefined): boolean => choice !== undefined && 'rdns' in choice && choice.rdns === WALLET_CONNECT;

export const readInjected = (): InjectedState | undefined => injected;

export function setInjected(next: InjectedState | undefined): void {
  injected = next;
  tell();
}

export const useChoice = (): WalletChoice | undefined => useSyncExternalStore(onWallet, readChoice);

/** The own wallet that was chosen, while one is. */
export function useInjected(): InjectedState | undefined {
  const choice = useChoice();
  const state = useSyncExternalStore(onWallet, readInjected);
  return choice && 'rdns' in choice && state?.rdns === choice.rdns ? state : undefined;
}
