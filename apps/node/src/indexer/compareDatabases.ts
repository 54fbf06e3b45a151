import type { Database } from '../db/openDatabase.ts';
import { compareProjections, openSnapshot } from './compareProjections.ts';
import type { Comparison } from './compareProjections.ts';

/** Compares what two databases have made of the chain, each as it is now. */
export async function compareDatabases(here: Pick<Database, 'pool'>, there: Pick<Database, 'pool'>): Promise<Comparison> {
  const snapshots = [await openSnapshot(here), await openSnapshot(there)] as const;
  try {
    return await compareProjections(...snapshots);
  } finally {
    for (const snapshot of snapshots) await snapshot.close();
  }
}
