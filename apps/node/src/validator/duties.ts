import type { Hex } from 'viem';
import type { Duty } from '../db/duties.ts';

export type { Duty, Opening } from '../db/duties.ts';

/** Where verdicts and salts outlive the process. `save` resolves once they do, and never changes a verdict it has. */
export type DutyStore = {
  save(duty: Duty): Promise<void>;
  find(parameters: { validatorId: number; roundId: Hex }): Promise<Duty | undefined>;
};
