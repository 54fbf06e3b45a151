import { type Config, marketAbi, orderDisputesAbi } from '@neurodata/protocol';
import { type Address, type Hex, parseAbi } from 'viem';
import { type PermitInput, noPermit } from './signPermit.ts';

/** What verbs send, and what a node prepares for whoever signs elsewhere. */

type Deployed = { config: Config };

/** Without the answer: some old coins give none. */
const approveAbi = parseAbi(['function approve(address spender, uint256 amount)']);

export function approveCall({ token, spender, amount, sentence = 'Let a contract take the amount' }: { token: Address; spender: Address; amount: bigint; sentence?: string }) {
  return { address: token, abi: approveAbi, functionName: 'approve', args: [spender, amount], sentence } as const;
}

type Purchase = { listingId: number; version: number; maxPrice: bigint; recipientKey: Hex; priceText: string };

/** Takes the money out of a standing allowance. */
export function buyCall({ config, listingId, version, maxPrice, recipientKey, priceText }: Deployed & Purchase) {
  return { address: config.deployment.addresses.market, abi: marketAbi, functionName: 'buy', args: [listingId, version, maxPrice, recipientKey], sentence: `Buy listing ${listingId} for ${priceText}` } as const;
}

export function buyWithPermitCall({ config, listingId, version, maxPrice, recipientKey, priceText, permit }: Deployed & Purchase & { permit: PermitInput }) {
  return { address: config.deployment.addresses.market, abi: marketAbi, functionName: 'buyWithPermit', args: [listingId, version, maxPrice, recipientKey, permit], sentence: `Buy listing ${listingId} for ${priceText}` } as const;
}

export function confirmCall({ config, orderId }: Deployed & { orderId: Hex }) {
  return { address: config.deployment.addresses.market, abi: marketAbi, functionName: 'confirm', args: [orderId], sentence: `Confirm order ${orderId}` } as const;
}

export function refundCall({ config, orderId }: Deployed & { orderId: Hex }) {
  return { address: config.deployment.addresses.market, abi: marketAbi, functionName: 'refund', args: [orderId], sentence: `Refund order ${orderId}` } as const;
}

export function claimCall({ config, seller, orderIds }: Deployed & { seller: Address; orderIds: Hex[] }) {
  return { address: config.deployment.addresses.market, abi: marketAbi, functionName: 'claim', args: [seller, orderIds], sentence: `Claim ${orderIds.length === 1 ? `order ${orderIds[0]}` : `${orderIds.length} orders`}` } as const;
}

/** `evidence` is the digest of a document that is stored already. Without a permit the bond comes out of a standing allowance. */
export function disputeCall({ config, orderId, evidence, permit = noPermit }: Deployed & { orderId: Hex; evidence: Hex; permit?: PermitInput }) {
  return { address: config.deployment.addresses.orderDisputes, abi: orderDisputesAbi, functionName: 'dispute', args: [orderId, evidence, permit], sentence: `Dispute order ${orderId}` } as const;
}
