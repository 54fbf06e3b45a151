import { type Address, type Hex, type TypedDataDefinition } from 'viem';
import { z } from 'zod';
import { requestDomain } from './keyRequest.ts';
import { addressSchema, hexSchema, secondsSchema } from './schemas.ts';

export const replyTextSchema = z.string().trim().min(1).max(2_000);

/** EIP-712 types under which a seller answers a review. */
export const sellerReplyTypes = {
  SellerReply: [
    { name: 'orderId', type: 'bytes32' },
    { name: 'text', type: 'string' },
    { name: 'signedAt', type: 'uint64' },
  ],
} as const;

export type SellerReplyBody = { orderId: Hex; text: string; signedAt: number };

/** What a seller's wallet signs. The Reviews contract has no place for answers: nodes keep them, and anybody checks the signature. */
export function sellerReplyData(parameters: { chainId: number; market: Address; reply: SellerReplyBody }) {
  const { orderId, text, signedAt } = parameters.reply;
  return {
    domain: requestDomain(parameters), types: sellerReplyTypes, primaryType: 'SellerReply', message: { orderId, text, signedAt: BigInt(signedAt) },
  } as const satisfies TypedDataDefinition;
}

export const sellerReplySchema = z.object({ seller: addressSchema, text: z.string(), signedAt: secondsSchema, signature: hexSchema });
export type SellerReply = z.output<typeof sellerReplySchema>;
