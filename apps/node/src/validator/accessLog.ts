import type { Access } from '@neurodata/protocol';
import type { Hex } from 'viem';

export type { Access } from '@neurodata/protocol';

/** Who asked for our shares, and what came of it. */
export type AccessLog = {
  /** Marks a signed request as answered; false where it was answered before, also before a restart. */
  take(request: Hex, expiresAt: number): boolean;
  /** Resolves once the entry would survive a crash. */
  record(access: Access): Promise<void>;
  /** The newest of one asset, newest first. */
  list(parameters: { assetId: number; limit: number }): Promise<Access[]>;
};
