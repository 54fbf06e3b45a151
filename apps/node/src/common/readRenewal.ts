import type { Hex } from 'viem';

/** `SubscriptionRenewed` puts the new end into the four bytes before the listing's: 0x04, 3 bytes, end (4), listing (4), account (20). */
export function readRenewal(renewal: Hex): { subscriptionId: Hex; paidUntil: number } {
  return { subscriptionId: `${renewal.slice(0, 10)}00000000${renewal.slice(18)}` as Hex, paidUntil: Number(`0x${renewal.slice(10, 18)}`) };
}
