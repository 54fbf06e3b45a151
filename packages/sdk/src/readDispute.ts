import { type DisputePhase, NeuroError, type SeatState, disputePhases, disputesAbi, seatStates } from '@neurodata/protocol';
import { type Address, isAddressEqual } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readLogs } from './logs.ts';

/** A juror's seats in one round. `vote` counts only once it is `revealed`; `paid`: the fee for it has been credited. */
export type SeatFacts = { juror: Address; count: number; state: SeatState; vote: number; paid: boolean };

/** One round: its jury, or governance where `size` is 0. Amounts in base units of NCR, times in unix seconds, 0 where not set yet. */
export type JuryFacts = {
  number: number; payer: Address; fee: bigint; bond: bigint; size: number; drawn: number; anchorBlock: number;
  drawUntil: number; commitUntil: number; revealUntil: number; appealUntil: number;
  /** Seats for ruling 0 (refused to decide), 1, 2, ... */
  votes: number[];
  /** What it says if it were the last. */
  ruling: number;
  seats: SeatFacts[];
};

/** A dispute as the chain has it. `deadline` ends the present phase; `appealCost` is there while it can be appealed. */
export type DisputeFacts = {
  disputeId: bigint; arbitrable: Address; choices: number; phase: DisputePhase; deadline: number | undefined;
  ruling: number; executed: boolean; rounds: JuryFacts[]; appealCost: bigint | undefined;
};

/** Reads a dispute with its rounds and seats. Throws `NOT_FOUND`. */
export async function readDispute(parameters: { client: NeuroClient; disputeId: bigint }): Promise<DisputeFacts> {
  const { client, disputeId } = parameters;
  const contract = { address: client.config.deployment.addresses.disputes, abi: disputesAbi } as const;
  const { publicClient } = client;
  const args = [disputeId] as const;
  try {
    const [info, phaseNumber, current, drawn] = await Promise.all([
      publicClient.readContract({ ...contract, functionName: 'dispute', args }),
      publicClient.readContract({ ...contract, functionName: 'phaseOf', args }),
      publicClient.readContract({ ...contract, functionName: 'currentRuling', args }),
      readLogs(client, (range) => publicClient.getContractEvents({ ...contract, ...range, eventName: 'SeatDrawn', args: { disputeId }, strict: true })),
    ]);
    if (info.rounds === 0) throw new NeuroError(`There is no dispute ${disputeId}.`, { code: 'NOT_FOUND', remedy: 'Check its number.' });
    const phase = disputePhases[phaseNumber] ?? 'none';
    const rounds = await Promise.all(Array.from({ length: info.rounds }, (_, number) =>
      readJury({ client, disputeId, number, choices: info.choices, jurors: drawn.filter((log) => log.args.round === number).map((log) => log.args.juror) })));
    const appealCost = phase === 'appeal' ? await publicClient.readContract({ ...contract, functionName: 'appealCost', args: [disputeId, '0x'] }) : undefined;
    const last = rounds.at(-1);
    return { disputeId, arbitrable: info.arbitrable, choices: info.choices, phase, deadline: last && deadlineOf(phase, last), ruling: Number(current), executed: info.executed, rounds, appealCost };
  } catch (error) {
    throw toNeuroError(error);
  }
}

function deadlineOf(phase: DisputePhase, round: JuryFacts): number | undefined {
  const { drawUntil, commitUntil, revealUntil, appealUntil } = round;
  return { none: undefined, drawing: drawUntil, commit: commitUntil, reveal: revealUntil, appeal: appealUntil, governance: appealUntil, over: undefined, final: undefined }[phase];
}

async function readJury(parameters: { client: NeuroClient; disputeId: bigint; number: number; choices: number; jurors: readonly Address[] }): Promise<JuryFacts> {
  const { client, disputeId, number, choices, jurors } = parameters;
  const contract = { address: client.config.deployment.addresses.disputes, abi: disputesAbi } as const;
  const { publicClient } = client;
  const different = jurors.filter((juror, index) => jurors.findIndex((other) => isAddressEqual(other, juror)) === index);
  const [round, ruling, seats] = await Promise.all([
    publicClient.readContract({ ...contract, functionName: 'round', args: [disputeId, number] }),
    publicClient.readContract({ ...contract, functionName: 'rulingOf', args: [disputeId, number] }),
    Promise.all(different.map((juror) => publicClient.readContract({ ...contract, functionName: 'seat', args: [disputeId, number, juror] }))),
  ]);
  const { payer, fee, bond, size, drawn, anchorBlock, drawUntil, commitUntil, revealUntil, appealUntil, tally } = round;
  return {
    number, payer, fee, bond, size, drawn, anchorBlock, drawUntil, commitUntil, revealUntil, appealUntil, ruling,
    votes: Array.from({ length: choices + 1 }, (_, choice) => Number((tally >> BigInt(8 * choice)) & 0xffn)),
    seats: different.flatMap((juror, index) => {
      const seat = seats[index];
      return seat ? [{ juror, count: seat.count, state: seatStates[seat.state] ?? 'silent', vote: seat.vote, paid: seat.paid }] : [];
    }),
  };
}
