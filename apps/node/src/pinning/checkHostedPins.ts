import { NeuroError } from '@neurodata/protocol';
import { StorageError } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { eq, sql } from 'drizzle-orm';
import type { Blocks } from '../common/Blocks.ts';
import { type HostedPin, hostedPins } from '../db/hostedPins.ts';
import type { Database } from '../db/openDatabase.ts';
import { fetchGraph } from './fetchGraph.ts';

export type LostPin = { requestId: string; cid: string; why: string };

export type HostedReport = {
  /** Pins that were read to the last leaf. */
  checked: number;
  /** Pins that are left for the next time. */
  left: number;
  /** Blocks that were bad or gone, and that others gave. */
  repaired: number;
  /** Pins of which a block is bad or gone and nobody gave it. */
  lost: LostPin[];
};

export type CheckHostedPinsParameters = {
  db: Database;
  own: Blocks;
  /** Asked for what is bad or gone; none, where nothing is to be repaired. */
  others: (pin: HostedPin) => BlockStore[];
  /** Told of bytes that are about to be kept; throws where there is no room. */
  take: (bytes: number) => Promise<void>;
  signal: AbortSignal;
  /** How much is read in one go; the rest comes another time. */
  mostBytes?: number;
  onPin?: (done: number, of: number) => void;
};

/** Reads and hashes what this node keeps for others, block by block, as it reads what buyers need. In another order each time, so that a budget does not always end before the same ones. */
export async function checkHostedPins(parameters: CheckHostedPinsParameters): Promise<HostedReport> {
  const { db, own, others, take, signal, mostBytes = Infinity, onPin } = parameters;
  const pins = await db.orm.select().from(hostedPins).where(eq(hostedPins.status, 'pinned')).orderBy(sql`random()`);
  const report: HostedReport = { checked: 0, left: 0, repaired: 0, lost: [] };
  let budget = mostBytes;
  for (const [index, pin] of pins.entries()) {
    signal.throwIfAborted();
    if (budget <= 0) {
      report.left = pins.length - index;
      break;
    }
    const count = async (bytes: number): Promise<void> => {
      await take(bytes);
      report.repaired += 1;
    };
    try {
      budget -= await fetchGraph({ root: pin.root, own, others: others(pin), take: count, signal });
    } catch (error) {
      if (!(error instanceof StorageError || error instanceof NeuroError)) throw error;
      report.lost.push({ requestId: pin.requestId, cid: pin.cid, why: error.message.slice(0, 300) });
    }
    report.checked += 1;
    onPin?.(report.checked, pins.length);
  }
  return report;
}
