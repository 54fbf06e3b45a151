import type { Identity, sealGrant, sealShare } from '@neurodata/sealing';
import type { NeuroClient } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import type { ModelCheck, TableCheck } from '@neurodata/protocol';
import type { AccessLog } from './accessLog.ts';
import type { PurposeStore } from './purposeStore.ts';
import type { Log } from '../common/logger.ts';
import type { TableMemory } from '../db/openTableMemory.ts';
import type { Contracts } from '../duty/contracts.ts';
import type { Lane } from '../duty/createLane.ts';
import type { RunFiles } from '../duty/runFiles.ts';

/** Keeps what validators measured of uploaded models; the first of a validator and a version stays. */
export type ModelCheckStore = {
  save(check: ModelCheck): Promise<void>;
  find(key: { manifestDigest: Hex; validatorId: number }): Promise<ModelCheck | undefined>;
};

/** What the parts of a registered validator share. */
export type ValidatorSetup = {
  client: NeuroClient;
  contracts: Contracts;
  account: Address;
  validatorId: number;
  /** To whose public key shares are sealed now. */
  identity: Identity;
  /** Those before it, newest first, to which older shares are sealed still. */
  retired: readonly Identity[];
  /** How shares are sealed to those who ask for them. */
  sealShare: typeof sealShare;
  /** How they are sealed to those whom they are granted to on chain. */
  sealGrant: typeof sealGrant;
  /** Who asked for our shares. */
  accesses: AccessLog;
  /** What buyers signed that they want it for. */
  purposes: PurposeStore;
  /** Of the engine. */
  threads: number;
  /** `lane`: in which models are tested, one at a time. */
  models: { store: ModelCheckStore; lane: Lane };
  /** `memory`: of this validator alone. `tell`: gives a signed check to those who show it. */
  tables: { memory: TableMemory; tell(check: TableCheck): Promise<void> };
  /** Copies that are kept here of what runs sealed, taken away once they are over; where absent they stay. */
  files?: RunFiles;
  log: Log;
};
