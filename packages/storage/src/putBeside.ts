import type { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import type { BlockStore } from './BlockStore.ts';

/** Blocks that are stored while others are made. */
export type PutBeside = {
  /** Resolves once there is room for the next one. Throws what went wrong with an earlier one. */
  put: BlockStore['put'];
  /** Waits until all are stored, or throws what went wrong first. */
  stored(): Promise<void>;
  /** Waits until none is on its way any more, however it went. */
  settled(): Promise<void>;
};

/** Puts up to `most` leaves at the same time. A node is put once all blocks before it are stored: whoever has it has what it names. */
export function putBeside(put: BlockStore['put'], most: number): PutBeside {
  const putting = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const untilFewer = async (many: number): Promise<void> => {
    while (putting.size >= many && putting.size > 0 && failures.length === 0) await Promise.race(putting);
    if (failures.length > 0) throw failures[0];
  };
  return {
    put: async (cid: CID, bytes, options) => {
      await untilFewer(cid.code === raw.code ? most : 1);
      const done: Promise<void> = put(cid, bytes, options).catch((error: unknown) => void failures.push(error)).finally(() => putting.delete(done));
      putting.add(done);
    },
    stored: () => untilFewer(1),
    settled: async () => void await Promise.all(putting),
  };
}
