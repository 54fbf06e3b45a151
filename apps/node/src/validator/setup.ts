import type { Identity } from '@neurodata/sealing';
import type { NeuroClient } from '@neurodata/sdk';
import type { Address } from 'viem';
import type { Log } from '../common/logger.ts';
import type { Contracts } from '../duty/contracts.ts';

/** What the parts of a registered validator share. */
export type ValidatorSetup = {
  client: NeuroClient;
  contracts: Contracts;
  account: Address;
  validatorId: number;
  identity: Identity;
  /** Of the engine. */
  threads: number;
  log: Log;
};
