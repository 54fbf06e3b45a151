import { governorAbi, proposalStates } from '@neurodata/protocol';
import type { Config, ProposalDto, ProposalState } from '@neurodata/protocol';
import { describeCall } from '@neurodata/sdk';
import { asc, inArray } from 'drizzle-orm';
import type { PublicClient } from 'viem';
import { storable } from '../../common/storable.ts';
import type { Database } from '../../db/openDatabase.ts';
import { ballots, proposals, supports } from '../../db/schema.ts';
import { present } from './present.ts';

type ProposalRow = typeof proposals.$inferSelect;
type BallotRow = typeof ballots.$inferSelect;
export type ProposalReader = { db: Database; config: Config; client: PublicClient };

/** The documents of these rows, in their order. The quorum, and with it the state, is the governor's to say. */
export async function toProposals({ db, config, client }: ProposalReader, rows: ProposalRow[]): Promise<ProposalDto[]> {
  if (rows.length === 0) return [];
  const cast = await db.orm.select().from(ballots).where(inArray(ballots.proposalId, rows.map((row) => row.proposalId))).orderBy(asc(ballots.block), asc(ballots.voter)).limit(5_000);
  const ballotsOf = Map.groupBy(cast, (ballot) => ballot.proposalId);
  return Promise.all(rows.map(async ({ ended, calls, ...row }) => {
    const own = ballotsOf.get(row.proposalId) ?? [];
    return present({
      ...row, ...(await readStanding({ config, client }, { ...row, ended })), votes: votesOf(own), ballots: own,
      calls: calls.map(({ target, value, data }) => present({ target, value: BigInt(value), data, text: textOf(config, { target, value: BigInt(value), data }) })),
    });
  }));
}

function textOf(config: Config, call: Parameters<typeof describeCall>[1]): string | undefined {
  const text = describeCall(config.deployment.addresses, call);
  return text === undefined ? undefined : storable(text);
}

function votesOf(cast: BallotRow[]): ProposalDto['votes'] {
  const [against, inFavour, abstain] = supports.map((support) => cast.filter((ballot) => ballot.support === support).reduce((sum, { weight }) => sum + weight, 0n));
  return { against: against ?? 0n, for: inFavour ?? 0n, abstain: abstain ?? 0n };
}

async function readStanding({ config, client }: Omit<ProposalReader, 'db'>, row: Pick<ProposalRow, 'proposalId' | 'ended' | 'voteStart'>): Promise<{ state: ProposalState; quorum: bigint | undefined }> {
  const governor = { address: config.deployment.addresses.governor, abi: governorAbi } as const;
  const number = await client.readContract({ ...governor, functionName: 'state', args: [BigInt(row.proposalId)] });
  const state = row.ended ?? proposalStates[number] ?? 'pending';
  const quorum = state === 'pending' ? undefined : await client.readContract({ ...governor, functionName: 'quorum', args: [BigInt(row.voteStart)] }).catch(() => undefined);
  return { state, quorum };
}
