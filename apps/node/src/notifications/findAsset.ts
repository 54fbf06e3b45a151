import { eq, sql } from 'drizzle-orm';
import type { Address } from 'viem';
import type { Transaction } from '../db/openDatabase.ts';
import { assets } from '../db/schema.ts';

type Asset = { name: string; link: string; owner: Address };

/** An asset in words. Titles are strangers' texts: one line of them, and not too much. */
export async function findAsset(tx: Transaction, assetId: number): Promise<Asset | undefined> {
  const [row] = await tx.select({
    kind: assets.kind, owner: assets.owner,
    title: sql<string | null>`(SELECT m.title FROM versions v JOIN manifests m ON m.digest = v.manifest_digest AND m.state = 'read' AND m.content_root = v.content_root AND m.keyset_digest = v.key_commitment WHERE v.asset_id = assets.asset_id ORDER BY v.version DESC LIMIT 1)`,
  }).from(assets).where(eq(assets.assetId, assetId));
  if (!row) return undefined;
  const title = row.title?.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim().slice(0, 80);
  return { name: title ? `“${title}”` : `asset ${assetId}`, link: `/${row.kind}s/${assetId}`, owner: row.owner };
}
