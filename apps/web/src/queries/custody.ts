import type { DrilledHolder, KeyDrill, ValidatorAccesses, ValidatorNotices } from '@neurodata/sdk';
import { mutationOptions } from '@tanstack/react-query';
import { type Signer, connect, loadVerbs } from '../client/connect.ts';

export type VersionOf = { assetId: number; version: number };

/** Has every holder of a version's key prove that it has its share; the proofs are checked here, against the chain. */
export const drillMutation = (asset: VersionOf, onHolder: (holder: DrilledHolder) => void) =>
  mutationOptions<KeyDrill>({
    mutationFn: async () => {
      const [client, { drillKeys }] = await Promise.all([connect(), loadVerbs()]);
      return drillKeys({ client, ...asset, onHolder });
    },
  });

/** Who asked the holders for the key. The asset's owner signs a question to each. */
export const accessLogMutation = (asset: VersionOf, wallet: Signer) =>
  mutationOptions<ValidatorAccesses[]>({
    mutationFn: async () => {
      const [client, { readAccessLog }] = await Promise.all([connect(wallet), loadVerbs()]);
      return readAccessLog({ client, ...asset });
    },
  });

/** What the validators who checked a version tell its owner alone. */
export const noticesMutation = (asset: VersionOf, wallet: Signer) =>
  mutationOptions<ValidatorNotices[]>({
    mutationFn: async () => {
      const [client, { readNotices }] = await Promise.all([connect(wallet), loadVerbs()]);
      return readNotices({ client, ...asset });
    },
  });
