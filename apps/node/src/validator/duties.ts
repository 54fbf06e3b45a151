import type { Hex } from 'viem';
import type { Duty } from '../db/duties.ts';

export type { Duty, Opening } from '../db/duties.ts';

/** Where verdicts and salts outlive the process. `save` resolves once they do, and never changes a verdict it has. */
export type DutyStore = {
  save(duty: Duty): Promise<void>;
  find(parameters: { validatorId: number; roundId: Hex }): Promise<Duty | undefined>;
};

/** The same, and what is forgotten once rounds have ended. */
export type DutyRows = DutyStore & {
  /** Rounds of which there is a duty. */
  list(validatorId: number): Promise<Hex[]>;
  remove(parameters: { validatorId: number; roundId: Hex }): Promise<void>;
};
