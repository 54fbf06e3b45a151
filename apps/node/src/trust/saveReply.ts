import { NeuroError, sellerReplyData } from '@neurodata/protocol';
import type { Config, SellerReplyBody } from '@neurodata/protocol';
import { eq, lte } from 'drizzle-orm';
import { isAddressEqual, recoverTypedDataAddress } from 'viem';
import type { Address, Hex, PublicClient } from 'viem';
import type { Database } from '../db/openDatabase.ts';
import { orders, reviews, sellerReplies } from '../db/schema.ts';
import type { Tell } from './tellOwner.ts';

/** A wallet's clock may be this far ahead, in seconds. */
const clockSlack = 300;

type SaveReply = { db: Database; tell: Tell; config: Config; client: PublicClient; reply: SellerReplyBody; signature: Hex };

/** Keeps the answer of a seller to a review, once its wallet is seen to have signed it; the newest stays. */
export async function saveReply({ db, tell, config, client, reply, signature }: SaveReply): Promise<typeof sellerReplies.$inferSelect> {
  const [row] = await db.orm.select({ seller: orders.seller, reviewer: reviews.reviewer, assetId: reviews.assetId }).from(reviews).innerJoin(orders, eq(orders.orderId, reviews.orderId)).where(eq(reviews.orderId, reply.orderId));
  if (!row) throw new NeuroError(`There is no review of order ${reply.orderId}.`, { code: 'NOT_FOUND', remedy: 'A new one appears when its block is indexed.' });
  if (reply.signedAt > Date.now() / 1_000 + clockSlack) throw new NeuroError('This answer is from the future.', { code: 'BAD_INPUT', remedy: 'Set the clock of the machine that signs.' });
  if (reply.text.includes('\0') || !reply.text.isWellFormed()) throw new NeuroError('This text cannot be kept as it was signed.', { code: 'BAD_INPUT', remedy: 'Leave out control characters.' });
  const data = sellerReplyData({ chainId: config.deployment.chainId, market: config.deployment.addresses.market, reply });
  if (!(await isSigned({ client, data, signer: row.seller, signature }))) throw new NeuroError('This is not signed by the seller of that order.', { code: 'FORBIDDEN', remedy: 'Sign with the wallet that sold it.' });
  const answer = { ...reply, seller: row.seller, signature };
  return db.orm.transaction(async (tx) => {
    const [kept] = await tx.insert(sellerReplies).values(answer).onConflictDoUpdate({ target: sellerReplies.orderId, set: answer, setWhere: lte(sellerReplies.signedAt, reply.signedAt) }).returning();
    if (!kept) throw new NeuroError('A newer answer is there.', { code: 'CONFLICT', remedy: 'Sign again.' });
    await tell({ kind: 'review.replied', eventId: `review:${reply.orderId}:reply:${reply.signedAt}`, title: 'The seller answers your review', text: reply.text.slice(0, 500), link: `/datasets/${row.assetId}?tab=reviews`, at: Math.floor(Date.now() / 1_000), accounts: [row.reviewer] }, tx);
    return kept;
  });
}

/** By a key, which needs no chain, or by a contract's own word (ERC-1271). */
async function isSigned(parameters: { client: PublicClient; data: ReturnType<typeof sellerReplyData>; signer: Address; signature: Hex }): Promise<boolean> {
  const { client, data, signer, signature } = parameters;
  const recovered = await recoverTypedDataAddress({ ...data, signature }).catch(() => undefined);
  if (recovered && isAddressEqual(recovered, signer)) return true;
  return client.verifyTypedData({ ...data, address: signer, signature }).catch(() => false);
}
