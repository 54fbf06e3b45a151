import type { BlockStore } from '@neurodata/storage';

/** Blocks of this node; `bytes`, where the store can say it, is what the quota starts from; `touch` keeps a block that somebody is about to name from being collected. */
export type Blocks = BlockStore & { bytes?(): Promise<number>; touch?(cid: Parameters<BlockStore['has']>[0]): Promise<boolean> };
