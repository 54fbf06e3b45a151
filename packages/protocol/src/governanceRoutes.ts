import { z } from 'zod';
import { proposalSchema } from './economyDto.ts';
import type { Route } from './route.ts';
import { addressSchema, amountSchema } from './schemas.ts';

/** The rules by which votes are held, and what is being decided. Amounts are votes, in base units. */
export const governanceSchema = z.object({
  governor: addressSchema, votes: addressSchema, timelock: addressSchema,
  /** Seconds from a proposal to its vote, how long that lasts, and how long what was carried waits until it may be done. */
  votingDelay: z.number().int(), votingPeriod: z.number().int(), executionDelay: z.number().int(),
  /** Votes that whoever proposes must hold, votes for and abstaining without which nothing is carried, and all that there are; as of now. */
  proposalThreshold: amountSchema, quorum: amountSchema, supply: amountSchema,
  proposals: z.object({ all: z.number().int(), executed: z.number().int(), canceled: z.number().int() }),
  /** Proposals that wait for their vote, are voted on, or wait to be done; newest first, of the newest fifty that did not end. */
  open: z.array(proposalSchema),
});
export type GovernanceDto = z.output<typeof governanceSchema>;

export const governanceRoutes = {
  getGovernance: { method: 'GET', cache: 'fresh', path: '/api/v1/governance', summary: 'How proposals are decided, how many there were, and those under way', response: governanceSchema },
} as const satisfies Record<string, Route>;

export type GovernanceRouteName = keyof typeof governanceRoutes;
