import { type Verdict, validatorsAbi, verdicts } from '@neurodata/protocol';
import { type Hex, type Log, formatLog, numberToHex, parseEventLogs, toEventSelector } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { readLogsBack } from './logs.ts';

/** A round into which a validator was drawn, as far as logs tell. `ended`: what was found right, and in which transaction. */
export type Duty = {
  roundId: Hex; block: bigint; committee: readonly number[]; commitUntil: number; revealUntil: number;
  committed: boolean; vote: Verdict; accusers: number[]; ended?: { right: Verdict; transaction: Hex }; rewarded: bigint; slashed: bigint;
};

export type DutyLog = { duties: Duty[]; fromBlock: bigint; complete: boolean; requests: number };

type EventName = 'CommitteeDrawn' | 'RoundEnded' | 'Committed' | 'Revealed' | 'Accused' | 'RewardCredited' | 'ValidatorSlashed';

/** All rounds of a validator, newest first, from the logs of Validators up to a block. */
export async function readDuties(parameters: { client: NeuroClient; validatorId: number; toBlock: bigint }): Promise<DutyLog> {
  const { client, validatorId, toBlock: head } = parameters;
  const logsOf = (names: EventName[], own: Hex | null) => async (range: { fromBlock: bigint; toBlock: bigint }): Promise<Log[]> => {
    const [fromBlock, toBlock] = [numberToHex(range.fromBlock), numberToHex(range.toBlock)];
    const found = await client.publicClient.request({ method: 'eth_getLogs', params: [{ address: client.config.deployment.addresses.validators, topics: [names.map(topicOf), null, own], fromBlock, toBlock }] });
    return found.map((log) => formatLog(log));
  };
  const ofAll = logsOf(['CommitteeDrawn', 'RoundEnded'], null);
  const ofOne = logsOf(['Committed', 'Revealed', 'Accused', 'RewardCredited', 'ValidatorSlashed'], numberToHex(validatorId, { size: 32 }));
  const { logs, ...looked } = await readLogsBack({ client, toBlock: head, read: async (range) => (await Promise.all([ofAll(range), ofOne(range)])).flat() });
  return { duties: collect(logs, validatorId), ...looked };
}

function topicOf(name: EventName): Hex {
  const event = validatorsAbi.find((item) => item.type === 'event' && item.name === name);
  if (event?.type !== 'event') throw new Error(`no event ${name}`);
  return toEventSelector(event);
}

function collect(logs: Log[], validatorId: number): Duty[] {
  const events = parseEventLogs({ abi: validatorsAbi, logs, strict: true });
  const duties = new Map<Hex, Duty>();
  for (const event of events) {
    if (event.eventName !== 'CommitteeDrawn' || !event.args.committee.includes(validatorId)) continue;
    const { roundId, committee, commitUntil, revealUntil } = event.args;
    duties.set(roundId, { roundId, block: event.blockNumber ?? 0n, committee, commitUntil, revealUntil, committed: false, vote: 'none', accusers: [], rewarded: 0n, slashed: 0n });
  }
  for (const event of events) {
    const duty = 'roundId' in event.args ? duties.get(event.args.roundId) : undefined;
    if (!duty) continue;
    if (event.eventName === 'Committed') duty.committed = true;
    else if (event.eventName === 'Revealed') duty.vote = verdicts[event.args.verdict] ?? 'none';
    else if (event.eventName === 'Accused') duty.accusers.push(event.args.accuserId);
    else if (event.eventName === 'RewardCredited') duty.rewarded += event.args.amount;
    else if (event.eventName === 'ValidatorSlashed') duty.slashed += event.args.amount;
    else if (event.eventName === 'RoundEnded') duty.ended = { right: verdicts[event.args.right] ?? 'none', transaction: event.transactionHash ?? '0x' };
  }
  return [...duties.values()].sort((a, b) => Number(b.block - a.block) || b.revealUntil - a.revealUntil);
}
