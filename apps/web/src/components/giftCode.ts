import { type Address, type Hex, getAddress, isAddress } from 'viem';

/** For whom a gift is, and the public key to which it is sealed. */
export type GiftCode = { to: Address; recipientKey: Hex };

/** What a receiver sends to a giver: both are public. */
export function writeGiftCode({ to, recipientKey }: GiftCode): string {
  return `gift:${to}:${recipientKey}`;
}

/** Undefined where it is none, or was cut off on the way. */
export function readGiftCode(text: string): GiftCode | undefined {
  const [, to = '', recipientKey = ''] = /^gift:(0x[0-9a-f]{40}):(0x[0-9a-f]{64})$/i.exec(text.trim()) ?? [];
  // A mistyped letter of an address breaks its checksum.
  if (!isAddress(to) || /^0x0+$/.test(recipientKey)) return undefined;
  return { to: getAddress(to), recipientKey: recipientKey.toLowerCase() as Hex };
}
