import type { AssetDto } from '@neurodata/protocol';
import { fixed } from '../../language/format.ts';
import { t } from '../../language/t.ts';

/** "4.5 of 5", from the sum on chain. */
export const meanText = ({ count, sum }: AssetDto['ratings']): string => t`${fixed(sum / count, 1)} of 5`;
