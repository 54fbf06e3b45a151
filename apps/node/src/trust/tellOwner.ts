import type { Address } from 'viem';
import type { Transaction } from '../db/openDatabase.ts';

/** Tells whoever has linked a wallet, if the transaction commits, and then only. */
export type Tell = (notice: { kind: 'asset.curation' | 'admin.notice' | 'review.replied'; eventId: string; title: string; text: string; link: string; at: number; accounts: readonly Address[] }, tx: Transaction) => Promise<void>;

/** Tells the owner of an asset or a review what was done with it. One telling per request and subject. */
export async function tellOwner(tell: Tell, tx: Transaction, parameters: { owner: Address; subject: string; assetId: number; requestId: string; title: string; text: string }): Promise<void> {
  const { owner, subject, assetId, requestId, title, text } = parameters;
  const kind = subject.startsWith('asset:') ? 'asset.curation' : 'admin.notice';
  await tell({ kind, eventId: `${subject}:${requestId}`, title, text, link: `/datasets/${assetId}${kind === 'asset.curation' ? '' : '?tab=reviews'}`, at: Math.floor(Date.now() / 1_000), accounts: [owner] }, tx);
}
