import type { Figure } from '../api.ts';
import { openTestDatabase } from '../../apps/node/src/db/openTestDatabase.ts';
import { compareDatabases } from '../../apps/node/src/indexer/compareDatabases.ts';
import { generateChain } from '../../apps/node/src/indexer/testing/generateChain.ts';
import { follow } from './backfill.ts';

/** `comparisons` of all rows with those of a fresh sync were made, the last one at the end. */
export type Reorgs = { reorgs: number; comparisons: number; divergences: number; deepest: number; events: number; seconds: number };

/** Between two comparisons with a fresh sync; the last comparison comes after all. */
const betweenChecks = 100;

/**
 * Rewrites a generated chain again and again, up to `deepest` blocks at once, while an indexer follows, and compares its rows with those
 * of a fresh sync: `divergences` counts the rows that differ. `server`: a PostgreSQL; embedded where absent.
 */
export async function measureReorgs(parameters: { reorgs: number; deepest?: number; seed?: number; server?: string | undefined; onCheck?: (done: number) => void }): Promise<Reorgs> {
  const { reorgs, deepest = 64, seed = 23, server, onCheck } = parameters;
  const chain = generateChain({ seed });
  chain.grow(deepest + 40, 3);
  const db = await openTestDatabase(server);
  const following = await follow(chain, db);
  const started = performance.now();
  let [divergences, comparisons, random] = [0, 0, seed];
  const below = (count: number): number => {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((random / 2 ** 32) * count);
  };
  const check = async (): Promise<number> => {
    await following.settled();
    const fresh = await openTestDatabase(server);
    const again = await follow(chain, fresh, { maxBlocks: 50 });
    await again.settled();
    await again.stop();
    const { differences } = await compareDatabases(db, fresh);
    await fresh.close();
    return differences.reduce((sum, { rows }) => sum + rows, 0);
  };
  try {
    for (let done = 1; done <= reorgs; done += 1) {
      // Now and then one comes before the last one was noticed.
      if (below(10) > 0) await following.settled();
      chain.reorganise(1 + below(deepest), 1 + below(4));
      if (done % betweenChecks !== 0 && done !== reorgs) continue;
      divergences += await check();
      comparisons += 1;
      onCheck?.(done);
    }
  } finally {
    await following.stop();
    await db.close();
  }
  return { reorgs, comparisons, divergences, deepest, events: chain.countEvents(), seconds: (performance.now() - started) / 1_000 };
}

/** The same as a figure. */
export async function reorgsFigure(parameters: { reorgs: number; server: string | undefined }): Promise<Figure> {
  const { reorgs, comparisons, divergences, deepest, events, seconds } = await measureReorgs({ ...parameters, onCheck: (done) => process.stderr.write(`${done} reorganisations, compared\n`) });
  return { lines: [`${reorgs} reorganisations of up to ${deepest} blocks in ${seconds.toFixed(0)} s, compared with a fresh sync ${comparisons} times, the last of ${events} events: ${divergences} rows differed`], fields: { reorgs, reorgDivergences: divergences } };
}
