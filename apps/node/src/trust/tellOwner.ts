import { eq } from 'drizzle-orm';
import type { Address } from 'viem';
import type { Transaction } from '../db/openDatabase.ts';
import { userActivity, userWallets } from '../db/schema.ts';

/** Writes into the activity of whoever has linked a wallet what was done with what is theirs. */
export async function tellOwner(tx: Transaction, parameters: { owner: Address; action: string; detail: string }): Promise<void> {
  const { owner, action, detail } = parameters;
  const [row] = await tx.select({ userId: userWallets.userId }).from(userWallets).where(eq(userWallets.address, owner));
  if (row) await tx.insert(userActivity).values({ userId: row.userId, at: Math.floor(Date.now() / 1_000), action, detail, address: '', agent: '' });
}
