import { encodeAbiParameters, type Hex, keccak256 } from 'viem';
import { add } from './ledger.ts';
import { burn, type Court, jurorOf, lastOf, type Round, type Seat, seedOf, withJuror, withRound } from './dispute.ts';
import { need } from './refused.ts';

const seatsPerDraw = 5;
const triesPerDraw = 32;
const reachableBlocks = 256;
const newSeat: Seat = { count: 0, state: 'silent', said: '', vote: 0, paid: false };

/** Draws up to five seats. `hashOf` gives the hash of a block that can still be looked up. */
export function draw(court: Court, id: number, hashOf: (block: number) => Hex): Court {
  const { round, number } = lastOf(court, id, 'drawing');
  if (round.seed !== undefined) return seat(court, { id, number, round, seed: round.seed });
  need(court.block > round.anchorBlock, 'AnchorNotPast');
  if (court.block > round.anchorBlock + reachableBlocks) return withRound(court, id, number, { anchorBlock: court.block + 1 });
  const seed = seedOf(hashOf(round.anchorBlock), id, number);
  return seat(withRound(court, id, number, { seed }), { id, number, round, seed });
}

function seat(court: Court, parameters: { id: number; number: number; round: Round; seed: Hex }): Court {
  const { id, number, round, seed } = parameters;
  const enough = Math.min(round.size, round.drawn + seatsPerDraw);
  const seats = new Map(round.seats);
  let [next, { tries, drawn }] = [court, round];
  for (const last = tries + triesPerDraw; tries < last && drawn < enough; tries += 1) {
    const word = BigInt(keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint256' }], [seed, BigInt(tries)])));
    const name = drawnAt(next, round, Number(word % BigInt(round.tickets)));
    if (name === undefined) continue;
    const held = seats.get(name) ?? newSeat;
    seats.set(name, { ...held, count: held.count + 1 });
    next = withJuror(next, name, { openSeats: jurorOf(next, name).openSeats + 1 });
    drawn += 1;
  }
  const { commitWindow, revealWindow, appealWindow } = court.params;
  const commitUntil = court.now + commitWindow;
  const windows = { commitUntil, revealUntil: commitUntil + revealWindow, appealUntil: commitUntil + revealWindow + appealWindow };
  return withRound(next, id, number, { seats, tries, drawn, ...(drawn === round.size ? windows : {}) });
}

/** Whose ticket it is; nobody's if the place is empty, or its holder joined too late or left before the round. */
function drawnAt(court: Court, round: Round, place: number): string | undefined {
  const ticket = court.tickets[place];
  if (ticket === undefined || ticket.sinceBlock >= round.openBlock) return undefined;
  const { leftAt } = jurorOf(court, ticket.juror);
  return leftAt !== undefined && leftAt < round.openBlock ? undefined : ticket.juror;
}

/** One commitment for all seats of a juror in a round. `said` is ruling and salt; '' is the empty commitment. */
export function commit(court: Court, parameters: { juror: string; id: number; said: string }): Court {
  const { juror, id, said } = parameters;
  const { round, number } = lastOf(court, id, 'commit');
  need(said !== '', 'EmptyCommitment');
  const held = round.seats.get(juror);
  need(held !== undefined, 'NoSeat');
  need(held.state === 'silent', 'WrongSeatState');
  return withRound(court, id, number, { seats: new Map(round.seats).set(juror, { ...held, state: 'committed', said }) });
}

export function reveal(court: Court, parameters: { juror: string; id: number; ruling: number; said: string }): Court {
  const { juror, id, ruling, said } = parameters;
  const { dispute, round, number } = lastOf(court, id, 'reveal');
  const held = round.seats.get(juror);
  need(held !== undefined, 'NoSeat');
  need(held.state === 'committed', 'WrongSeatState');
  need(ruling <= dispute.choices, 'BadRuling');
  need(held.said === said, 'WrongReveal');
  const seats = new Map(round.seats).set(juror, { ...held, state: 'revealed', vote: ruling });
  const freed = withJuror(court, juror, { openSeats: jurorOf(court, juror).openSeats - held.count });
  return withRound(freed, id, number, { seats, ...count(round, ruling, held.count) });
}

/** Only the ruling that grows can take the lead or share it. */
function count(round: Round, ruling: number, seats: number): Pick<Round, 'votes' | 'leading' | 'tied'> {
  const votes = new Map(round.votes).set(ruling, (round.votes.get(ruling) ?? 0) + seats);
  const [grown, most] = [votes.get(ruling) ?? 0, votes.get(round.leading) ?? 0];
  if (round.votes.size === 0 || grown > most) return { votes, leading: ruling, tied: false };
  if (ruling === round.leading) return { votes, leading: ruling, tied: false };
  return { votes, leading: round.leading, tied: round.tied || grown === most };
}

/** Anybody, past the reveal window: whoever stayed silent loses the penalty and is drawn no more. Without penalty where the draw was never completed. */
export function closeSeat(court: Court, parameters: { id: number; number: number; juror: string }): Court {
  const { id, number, juror } = parameters;
  const round = court.disputes[id - 1]?.rounds[number];
  const held = round?.seats.get(juror);
  need(round !== undefined && held !== undefined, 'NoSeat');
  need(held.state === 'silent' || held.state === 'committed', 'WrongSeatState');
  const complete = round.drawn === round.size;
  need(court.now > (complete ? round.revealUntil : round.drawUntil), 'WrongDisputePhase');
  const who = jurorOf(court, juror);
  const closed = withRound(court, id, number, { seats: new Map(round.seats).set(juror, { ...held, state: 'closed' }) });
  const freed = withJuror(closed, juror, { openSeats: who.openSeats - held.count });
  if (!complete) return freed;
  const full = court.params.penalty * BigInt(held.count);
  const penalty = full < who.bond ? full : who.bond;
  const put = withJuror(freed, juror, { leftAt: who.leftAt ?? court.block, bond: who.bond - penalty });
  return burn({ ...put, staked: add(put.staked, juror, -penalty), locked: add(put.locked, juror, -penalty) }, 'staking', penalty);
}
