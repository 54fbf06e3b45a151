import type { PurposeKey, SignedPurpose } from '@neurodata/protocol';

/** What buyers promised this validator. */
export type PurposeStore = {
  /** Resolves with the promise that stands, once it would survive a crash: the first of an order, or subscription, and its terms. */
  keep(signed: SignedPurpose): Promise<SignedPurpose>;
  find(key: PurposeKey): SignedPurpose | undefined;
  /** Of one asset, newest first. */
  list(parameters: { assetId: number; limit: number }): SignedPurpose[];
  /** Is told of the order or subscription whenever one was kept. */
  onKept(listener: (proofId: string) => void): void;
};
