import { need } from './refused.ts';

/** Base units by account; who is not there has none. */
export type Ledger = ReadonlyMap<string, bigint>;

export function amountOf(ledger: Ledger, account: string): bigint {
  return ledger.get(account) ?? 0n;
}

/** The ledger after `amount` came to (or, negative, left) an account. */
export function add(ledger: Ledger, account: string, amount: bigint): Ledger {
  return new Map(ledger).set(account, amountOf(ledger, account) + amount);
}

/** An ERC-20 transfer; throws Refused('ERC20InsufficientBalance'). */
export function transfer(ledger: Ledger, { from, to, amount }: { from: string; to: string; amount: bigint }): Ledger {
  need(amountOf(ledger, from) >= amount, 'ERC20InsufficientBalance');
  return add(add(ledger, from, -amount), to, amount);
}

export function sumOf(ledger: Ledger): bigint {
  return ledger.values().reduce((sum, amount) => sum + amount, 0n);
}
