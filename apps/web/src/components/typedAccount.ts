import type { DemoAccount } from '@neurodata/protocol';
import { type Address, zeroAddress } from 'viem';
import { t } from '../language/t.ts';
import { recipientOf } from './token/recipientOf.ts';

/** Whom a text names: an account other than `own`, or what is wrong with it; nothing is wrong with an empty field. */
export function typedAccount({ text, people, own }: { text: string; people: DemoAccount[] | undefined; own: Address | undefined }): { account: Address; wrong?: undefined } | { account?: undefined; wrong: string | undefined } {
  const word = text.trim();
  if (word === '') return { wrong: undefined };
  const account = recipientOf(word, people);
  if (account === undefined) return { wrong: /^0x[0-9a-f]{40}$/i.test(word) ? t`This address is mistyped: its capitals do not fit its digits.` : t`This is neither an address nor the name of a demo wallet.` };
  if (account === zeroAddress) return { wrong: t`This address is nobody’s.` };
  if (account.toLowerCase() === own?.toLowerCase()) return { wrong: t`This is your own account.` };
  return { account };
}
