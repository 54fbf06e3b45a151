import type { Addresses } from '@neurodata/protocol';
import { t } from '../../language/t.ts';

/** What somebody looks for: `hash` may be a transaction's, a block's, or the id of an order, run or the like. */
export type Searched = { kind: 'block'; number: number } | { kind: 'contract'; name: keyof Addresses } | { kind: 'account'; address: `0x${string}` } | { kind: 'hash'; hash: `0x${string}` } | { kind: 'nothing'; text: string };

/** Reads a search of the explorer: a block's number, a hash, an address, or a contract's name. */
export function readSearched(text: string, addresses: Partial<Addresses>): Searched {
  const word = text.trim();
  const number = word.replace(/^#/, '').replace(/(?<=\d)[,_ ](?=\d{3}(\D|$))/g, '');
  if (/^\d{1,15}$/.test(number)) return { kind: 'block', number: Number(number) };
  const lower = word.toLowerCase();
  if (/^(0x)?[0-9a-f]{64}$/.test(lower)) return { kind: 'hash', hash: `0x${lower.replace(/^0x/, '')}` };
  const names = Object.entries(addresses) as [keyof Addresses, string][];
  if (/^0x[0-9a-f]{40}$/.test(lower)) {
    const contract = names.find(([, address]) => address.toLowerCase() === lower);
    return contract ? { kind: 'contract', name: contract[0] } : { kind: 'account', address: lower as `0x${string}` };
  }
  const named = names.find(([name]) => name.toLowerCase() === lower.replaceAll(/[\s-]/g, ''));
  if (named) return { kind: 'contract', name: named[0] };
  return { kind: 'nothing', text: word === '' ? t`Write a number, a hash, an address or a contract’s name.` : /^0x/i.test(word) ? t`This has ${word.length - 2} digits after 0x. A hash or id has 64, an address 40.` : t`This is no number, no hash, no address and no contract’s name.` };
}
