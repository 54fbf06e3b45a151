import type { DemoAccount } from '@neurodata/protocol';
import { type Address, isAddress } from 'viem';

/** Whom the text names: an address, whose capitals must fit if it has any, or a demo wallet's name. */
export function recipientOf(text: string, people: DemoAccount[] | undefined): Address | undefined {
  const word = text.trim();
  if (isAddress(word)) return word;
  return people?.find(({ name }) => name.toLowerCase() === word.toLowerCase())?.address;
}
