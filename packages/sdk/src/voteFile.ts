import { addressSchema, hex32Schema } from '@neurodata/protocol';
import type { Address } from 'viem';
import { z } from 'zod';
import type { SecretVote } from './votes.ts';

const voteSchema = z.object({
  chainId: z.number().int(), contract: addressSchema, disputeId: z.string().regex(/^\d+$/).transform(BigInt), round: z.number().int(), juror: addressSchema, ruling: z.number().int(), salt: hex32Schema,
});
const fileSchema = z.object({ version: z.literal(1), address: z.string(), votes: z.array(voteSchema) });

/** The file of an account's secret votes, the same for the CLI and the site. */
export function writeVoteFile({ address, votes }: { address: Address; votes: readonly SecretVote[] }): string {
  return `${JSON.stringify({ version: 1, address, votes: votes.map((vote) => ({ ...vote, disputeId: vote.disputeId.toString() })) }, null, 2)}\n`;
}

/** The votes of such a file. Throws where it is none. */
export function readVoteFile(text: string): SecretVote[] {
  return fileSchema.parse(JSON.parse(text)).votes;
}
