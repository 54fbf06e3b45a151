import { type SellerReply, sellerReplyData } from '@neurodata/protocol';
import { type Hex, isAddressEqual, recoverTypedDataAddress } from 'viem';
import { type NeuroClient, accountOf } from './createClient.ts';

/**
 * The seller of a reviewed order answers its review. The answer is signed by the wallet and kept by the node: the chain has no
 * place for it. A later answer takes the place of an earlier one. Throws `FORBIDDEN`, `NOT_FOUND`.
 *
 * @example await replyToReview({ client, orderId, text: 'Version 2 has the missing column.' });
 */
export async function replyToReview(parameters: { client: NeuroClient; orderId: Hex; text: string }): Promise<SellerReply> {
  const { client, orderId } = parameters;
  const reply = { orderId, text: parameters.text.trim(), signedAt: Math.floor(Date.now() / 1_000) };
  const { chainId, addresses } = client.config.deployment;
  const signature = await accountOf(client).signTypedData(sellerReplyData({ chainId, market: addresses.market, reply }));
  return client.api.replyToReview({ ...reply, signature });
}

/** Whether the seller named in an answer signed it, where that is a key. False on a malformed signature. */
export async function isSignedBySeller(parameters: { client: Pick<NeuroClient, 'config'>; orderId: Hex; reply: SellerReply }): Promise<boolean> {
  const { client, orderId, reply } = parameters;
  const { chainId, addresses } = client.config.deployment;
  try {
    return isAddressEqual(await recoverTypedDataAddress({ ...sellerReplyData({ chainId, market: addresses.market, reply: { ...reply, orderId } }), signature: reply.signature }), reply.seller);
  } catch {
    return false;
  }
}
