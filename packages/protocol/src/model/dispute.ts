import { encodeAbiParameters, type Hex, keccak256 } from 'viem';
import { add, amountOf, type Ledger, transfer } from './ledger.ts';
import { need } from './refused.ts';

/**
 * Disputes ruled on by jurors, as plain rules: what Disputes does to rounds, seats, stake and money, without storage words,
 * gas or events. Pure: each verb takes a court and gives the next one, or throws Refused with the contract's custom error.
 * `vectors/disputeSequences.json` holds the contract to it. Drawing and voting are in jury.ts.
 */
export type Phase = 'none' | 'drawing' | 'commit' | 'reveal' | 'appeal' | 'over' | 'governance' | 'final';
export type SeatState = 'silent' | 'committed' | 'revealed' | 'closed';
/** `said`: ruling and salt of the commitment. */
export type Seat = Readonly<{ count: number; state: SeatState; said: string; vote: number; paid: boolean }>;
export type Round = Readonly<{
  payer: string;
  fee: bigint;
  bond: bigint;
  /** Seats; 0 where governance is asked. */
  size: number;
  /** Places in the list of tickets when the round was opened. */
  tickets: number;
  openBlock: number;
  anchorBlock: number;
  seed: Hex | undefined;
  tries: number;
  drawn: number;
  drawUntil: number;
  commitUntil: number;
  revealUntil: number;
  appealUntil: number;
  seats: ReadonlyMap<string, Seat>;
  /** Votes by ruling, and which ruling leads; it leads alone or is tied with others. */
  votes: ReadonlyMap<number, number>;
  leading: number;
  tied: boolean;
}>;
export type Dispute = Readonly<{ arbitrable: string; choices: number; rounds: readonly Round[]; ended: boolean; ruling: number; executed: boolean }>;
export type Juror = Readonly<{ bond: bigint; tickets: number; places: readonly number[]; openSeats: number; leftAt: number | undefined }>;
export type CourtParams = Readonly<{
  ticketStake: bigint; jurorFee: bigint; penalty: bigint; burnBps: bigint; jurySize: number;
  drawWindow: number; commitWindow: number; revealWindow: number; appealWindow: number; governanceWindow: number;
}>;
export type Court = Readonly<{
  now: number;
  block: number;
  owner: string;
  params: CourtParams;
  tickets: readonly (Readonly<{ juror: string; sinceBlock: number }> | undefined)[];
  freePlaces: readonly number[];
  jurors: ReadonlyMap<string, Juror>;
  /** Base units staked, and of those the ones that are locked. */
  staked: Ledger;
  locked: Ledger;
  /** By number; numbers start at 1. */
  disputes: readonly Dispute[];
  coins: Ledger;
  owed: Ledger;
  /** Arbitrables that revert when they are told a ruling. */
  deaf: ReadonlySet<string>;
}>;

const bps = 10_000n;
const maxJury = 31;
const maxTickets = 10;
const maxChoices = 15;
const maxAmount = 1_000_000n * 10n ** 18n;
const maxWindow = 30 * 86_400;
const exitBlocks = 300;
const noJuror: Juror = { bond: 0n, tickets: 0, places: [], openSeats: 0, leftAt: undefined };

export function jurorOf(court: Court, name: string): Juror {
  return court.jurors.get(name) ?? noJuror;
}

export function withJuror(court: Court, name: string, change: Partial<Juror>): Court {
  return { ...court, jurors: new Map(court.jurors).set(name, { ...jurorOf(court, name), ...change }) };
}

export function withDispute(court: Court, id: number, change: Partial<Dispute>): Court {
  return { ...court, disputes: court.disputes.map((one, i) => (i === id - 1 ? { ...one, ...change } : one)) };
}

export function withRound(court: Court, id: number, number: number, change: Partial<Round>): Court {
  const rounds = court.disputes[id - 1]?.rounds ?? [];
  return withDispute(court, id, { rounds: rounds.map((one, i) => (i === number ? { ...one, ...change } : one)) });
}

export function pay(court: Court, move: { from: string; to: string; amount: bigint }): Court {
  return { ...court, coins: transfer(court.coins, move) };
}

export function burn(court: Court, from: string, amount: bigint): Court {
  return { ...court, coins: add(court.coins, from, -amount) };
}

export function credit(court: Court, account: string, amount: bigint): Court {
  return { ...court, owed: add(court.owed, account, amount) };
}

/** Tickets that the next draw can find. */
export function activeTickets(court: Court): number {
  return court.jurors.values().reduce((sum, juror) => sum + (juror.leftAt === undefined ? juror.tickets : 0), 0);
}

/** Where a dispute stands: its last round says it, by its windows and by who has spoken. */
export function phaseOf(court: Court, id: number): Phase {
  const dispute = court.disputes[id - 1];
  const round = dispute?.rounds.at(-1);
  if (dispute === undefined || round === undefined) return 'none';
  if (dispute.ended) return 'final';
  if (round.size === 0) return court.now <= round.appealUntil ? 'governance' : 'over';
  if (round.drawn < round.size) return court.now <= round.drawUntil ? 'drawing' : 'over';
  if (countOf(round, 'silent', 'closed') > 0 && court.now <= round.commitUntil) return 'commit';
  if (countOf(round, 'committed') > 0 && court.now <= round.revealUntil) return 'reveal';
  return court.now <= round.appealUntil ? 'appeal' : 'over';
}

/** Jurors (not seats) of a round in one of these states. */
export function countOf(round: Round, ...states: readonly SeatState[]): number {
  return round.seats.values().filter(({ state }) => states.includes(state)).reduce((sum) => sum + 1, 0);
}

/** The dispute and its last round, in the wanted phase. */
export function lastOf(court: Court, id: number, wanted: Phase): { dispute: Dispute; round: Round; number: number } {
  need(phaseOf(court, id) === wanted, 'WrongDisputePhase');
  const dispute = court.disputes[id - 1];
  const round = dispute?.rounds.at(-1);
  need(dispute !== undefined && round !== undefined, 'WrongDisputePhase');
  return { dispute, round, number: dispute.rounds.length - 1 };
}

/** What the rounds up to one say, if it were the last: the latest in which anybody voted, where a tie means 0. */
export function rulingOf(dispute: Dispute, number: number): number {
  const spoken = dispute.rounds.slice(0, number + 1).findLast(({ votes }) => votes.size > 0);
  return spoken === undefined || spoken.tied ? 0 : spoken.leading;
}

// Jurors

/** Locks stake for more tickets; each takes a place that somebody left, or a new one at the end of the list. */
export function joinJury(court: Court, name: string, count: number): Court {
  const juror = jurorOf(court, name);
  need(juror.leftAt === undefined, 'StillLeaving');
  need(count !== 0 && juror.tickets + count <= maxTickets, 'TooManyTickets');
  const bond = court.params.ticketStake * BigInt(count);
  need(amountOf(court.staked, name) - amountOf(court.locked, name) >= bond, 'NotEnoughFreeStake');
  const free = [...court.freePlaces];
  const tickets = [...court.tickets];
  const places = [...juror.places];
  for (let i = 0; i < count; i += 1) {
    const place = free.pop() ?? tickets.length;
    tickets[place] = { juror: name, sinceBlock: court.block };
    places.push(place);
  }
  const joined = withJuror(court, name, { tickets: juror.tickets + count, bond: juror.bond + bond, places });
  return { ...joined, tickets, freePlaces: free, locked: add(court.locked, name, bond) };
}

export function leaveJury(court: Court, name: string): Court {
  const juror = jurorOf(court, name);
  need(juror.tickets !== 0 && juror.leftAt === undefined, 'NotJuror');
  return withJuror(court, name, { leftAt: court.block });
}

/** Not before every hash that a draw may use is out of reach, and not while a vote is owed. */
export function exitJury(court: Court, name: string): Court {
  const { leftAt, openSeats, places, bond } = jurorOf(court, name);
  need(leftAt !== undefined, 'NotJuror');
  need(openSeats === 0 && court.block > leftAt + exitBlocks, 'StillLeaving');
  const jurors = new Map(court.jurors);
  jurors.delete(name);
  return {
    ...court, jurors, tickets: court.tickets.map((ticket, i) => (places.includes(i) ? undefined : ticket)),
    freePlaces: [...court.freePlaces, ...places], locked: add(court.locked, name, -bond),
  };
}

// A dispute and its appeals

/** `payer` gets back what nobody earns. */
export function createDispute(court: Court, parameters: { arbitrable: string; choices: number; payer: string }): Court {
  const { arbitrable, choices, payer } = parameters;
  need(choices !== 0 && choices <= maxChoices, 'BadChoices');
  const size = court.params.jurySize;
  need(activeTickets(court) >= size, 'TooFewTickets');
  const fee = court.params.jurorFee * BigInt(size);
  const opened: Court = { ...court, disputes: [...court.disputes, { arbitrable, choices, rounds: [], ended: false, ruling: 0, executed: false }] };
  return pay(openRound(opened, court.disputes.length + 1, { payer, size, fee, bond: 0n }), { from: arbitrable, to: 'disputes', amount: fee });
}

function openRound(court: Court, id: number, { payer, size, fee, bond }: Pick<Round, 'payer' | 'size' | 'fee' | 'bond'>): Court {
  const { drawWindow, governanceWindow } = court.params;
  const round: Round = {
    payer, fee, bond, size, tickets: court.tickets.length, openBlock: court.block, anchorBlock: court.block + 1, seed: undefined, tries: 0, drawn: 0,
    drawUntil: size === 0 ? 0 : court.now + drawWindow, commitUntil: 0, revealUntil: 0, appealUntil: size === 0 ? court.now + governanceWindow : 0,
    seats: new Map(), votes: new Map(), leading: 0, tied: false,
  };
  return withDispute(court, id, { rounds: [...(court.disputes[id - 1]?.rounds ?? []), round] });
}

/** The next jury has twice the seats and one more, for a bond as high as its fee; where it would be too large, governance is next for a bond alone. */
export function appeal(court: Court, caller: string, id: number): Court {
  const { round } = lastOf(court, id, 'appeal');
  const { size, fee, bond } = nextRound(court, round);
  return pay(openRound(court, id, { payer: caller, size, fee, bond }), { from: caller, to: 'disputes', amount: fee + bond });
}

function nextRound(court: Court, last: Round): Pick<Round, 'size' | 'fee' | 'bond'> {
  const size = last.size * 2 + 1;
  if (size > maxJury || size > activeTickets(court)) return { size: 0, fee: 0n, bond: last.fee };
  const fee = court.params.jurorFee * BigInt(size);
  return { size, fee, bond: fee };
}

// The end

/** Anybody, once nothing can be appealed. */
export function conclude(court: Court, id: number): Court {
  const { dispute, number } = lastOf(court, id, 'over');
  return end(court, id, rulingOf(dispute, number));
}

export function ruleByGovernance(court: Court, parameters: { caller: string; id: number; ruling: number }): Court {
  const { caller, id, ruling } = parameters;
  need(caller === court.owner, 'OwnableUnauthorizedAccount');
  const { dispute } = lastOf(court, id, 'governance');
  need(ruling <= dispute.choices, 'BadRuling');
  return end(court, id, ruling);
}

/**
 * Fees that nobody earned (and what does not divide) go back to who paid them. So do the bonds, less the burnt part where an
 * appeal changed nothing although somebody decided on it.
 */
function end(court: Court, id: number, ruling: number): Court {
  const dispute = court.disputes[id - 1];
  let next = withDispute(court, id, { ended: true, ruling });
  for (const [number, round] of dispute?.rounds.entries() ?? []) {
    const earned = BigInt(round.votes.get(ruling) ?? 0);
    const back = earned === 0n ? round.fee : round.fee % earned;
    const decided = number !== 0 && (round.votes.size > 0 || round.size === 0);
    const failed = decided && dispute !== undefined && rulingOf(dispute, number - 1) === ruling;
    const lost = failed ? round.bond * court.params.burnBps / bps : 0n;
    next = burn(credit(next, round.payer, back + round.bond - lost), 'disputes', lost);
  }
  return next;
}

/** Anybody: tells the arbitrable, once; again if it reverted. */
export function executeRuling(court: Court, id: number): Court {
  const { dispute } = lastOf(court, id, 'final');
  need(!dispute.executed, 'AlreadyExecuted');
  need(!court.deaf.has(dispute.arbitrable), 'Error');
  return withDispute(court, id, { executed: true });
}

/** A juror's part of the fee of a round in which it voted for what became the ruling. */
export function claimFee(court: Court, parameters: { id: number; number: number; juror: string }): Court {
  const { id, number, juror } = parameters;
  const { dispute } = lastOf(court, id, 'final');
  const round = dispute.rounds[number];
  const seat = round?.seats.get(juror);
  need(round !== undefined && seat !== undefined, 'NoSeat');
  need(seat.state === 'revealed' && seat.vote === dispute.ruling && !seat.paid, 'WrongSeatState');
  const share = round.fee / BigInt(round.votes.get(dispute.ruling) ?? 0) * BigInt(seat.count);
  const paid = withRound(court, id, number, { seats: new Map(round.seats).set(juror, { ...seat, paid: true }) });
  return credit(paid, juror, share);
}

export function withdraw(court: Court, caller: string): Court {
  const amount = amountOf(court.owed, caller);
  return pay(credit(court, caller, -amount), { from: 'disputes', to: caller, amount });
}

export function setParams(court: Court, caller: string, params: CourtParams): Court {
  need(caller === court.owner, 'OwnableUnauthorizedAccount');
  const { ticketStake, jurorFee, penalty, burnBps, jurySize } = params;
  const amounts = [ticketStake, jurorFee].every((amount) => amount > 0n && amount <= maxAmount) && penalty <= ticketStake && burnBps <= bps;
  const windows = [params.drawWindow, params.commitWindow, params.revealWindow, params.appealWindow, params.governanceWindow];
  need(amounts && jurySize % 2 === 1 && jurySize <= maxJury && windows.every((window) => window > 0 && window <= maxWindow), 'ParamOutOfRange');
  return { ...court, params };
}

/** The word that seats are drawn from: the hash of the anchor block, bound to the round. */
export function seedOf(blockHash: Hex, id: number, number: number): Hex {
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint256' }, { type: 'uint8' }], [blockHash, BigInt(id), number]));
}
