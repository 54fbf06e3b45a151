import type { AssetDto } from '@neurodata/protocol';

/** "4.5 of 5", from the sum on chain. */
export const meanText = ({ count, sum }: AssetDto['ratings']): string => `${(sum / count).toFixed(1)} of 5`;
