import { type Hex, keccak256, numberToBytes } from 'viem';
import { disputesAbi, neuroCoinAbi, stakingAbi } from '../generated/abis.ts';
import {
  activeTickets, appeal, claimFee, conclude, type Court, type CourtParams, createDispute, type Dispute, executeRuling, exitJury, joinJury, jurorOf, leaveJury, type Phase,
  phaseOf, type Round, ruleByGovernance, rulingOf, type SeatState, setParams, withdraw,
} from './dispute.ts';
import { closeSeat, commit, draw, reveal } from './jury.ts';
import { amountOf } from './ledger.ts';
import { createRandom, type Random } from './random.ts';
import { digestOf, packSequence, play, secondsOf, selectorsOf, type SequenceFile, spanOf, type Step, type Tally } from './sequence.ts';

/**
 * Random walks of the dispute model: `vectors/disputeSequences.json`, which contracts/test/DisputeModel.t.sol plays on the
 * real contracts. Twelve jurors with four tickets each, at most two disputes in a walk.
 */
export const disputeOps = [
  'wait', 'mine', 'joinJury', 'leaveJury', 'exitJury', 'createDispute', 'draw', 'commit', 'reveal', 'commitAll', 'revealAll', 'closeSeat', 'appeal', 'conclude',
  'ruleByGovernance', 'executeRuling', 'claimFee', 'withdraw', 'setParams', 'deafen', 'leaveMany',
] as const;
export type DisputeOp = (typeof disputeOps)[number];
type DisputeStep = Step<DisputeOp>;

const jurorCount = 12;
const people = [...Array.from({ length: jurorCount }, (_, i) => `juror${i}`), 'payer', 'stranger', 'owner', 'court'];
const [payer, stranger, owner, court] = [12, 13, 14, 15];
const maxDisputes = 2;
const maxRounds = 6;
const firstBlock = 2_000;
const emptyCommitment = 0xff;
const wrongSalt = 0x80;
const day = 86_400;
const coin = 10n ** 18n;
const phases: readonly Phase[] = ['none', 'drawing', 'commit', 'reveal', 'appeal', 'over', 'governance', 'final'];
const seatStates: readonly SeatState[] = ['silent', 'committed', 'revealed', 'closed'];

/** "ok" and every custom error that a walk may meet; a step's fifth byte is a place in this list. */
export const disputeOutcomes = [
  'ok', 'BadChoices', 'TooFewTickets', 'TooManyTickets', 'StillLeaving', 'NotJuror', 'WrongDisputePhase', 'AnchorNotPast', 'NoSeat', 'WrongSeatState',
  'EmptyCommitment', 'WrongReveal', 'BadRuling', 'AlreadyExecuted', 'ParamOutOfRange', 'NotEnoughFreeStake', 'ERC20InsufficientBalance',
  'OwnableUnauthorizedAccount', 'Error',
] as const;

const usual: CourtParams = {
  ticketStake: 100n * coin, jurorFee: 2n * coin + 1n, penalty: 10n * coin, burnBps: 6_000n, jurySize: 3,
  drawWindow: day, commitWindow: 2 * day, revealWindow: 3 * day, appealWindow: 4 * day, governanceWindow: 5 * day,
};
const paramSets: readonly CourtParams[] = [
  usual,
  { ...usual, jurySize: 1, burnBps: 10_000n, penalty: usual.ticketStake },
  { ...usual, jurySize: 15, burnBps: 0n, jurorFee: 1n, penalty: 0n, drawWindow: 1, commitWindow: 1, revealWindow: 1, appealWindow: 1, governanceWindow: 1 },
  { ...usual, jurySize: 31, drawWindow: 30 * day },
  { ...usual, jurySize: 2 },
  { ...usual, jurySize: 33 },
  { ...usual, penalty: usual.ticketStake + 1n },
  { ...usual, burnBps: 10_001n },
  { ...usual, appealWindow: 0 },
  { ...usual, governanceWindow: 30 * day + 1 },
];

function startingCourt(): Court {
  const jurors = people.slice(0, jurorCount);
  return {
    now: 0, block: firstBlock, owner: 'owner', params: usual,
    tickets: jurors.flatMap((juror) => Array.from({ length: 4 }, () => ({ juror, sinceBlock: 0 }))),
    freePlaces: [],
    jurors: new Map(jurors.map((juror, i) => [juror, { bond: 400n * coin, tickets: 4, places: [4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3], openSeats: 0, leftAt: undefined }])),
    staked: new Map(jurors.map((juror) => [juror, 550n * coin])),
    locked: new Map(jurors.map((juror) => [juror, 400n * coin])),
    disputes: [],
    coins: new Map([['payer', 1_000_000n * coin], ['court', 1_000n * coin], ['staking', 550n * coin * BigInt(jurorCount)]]),
    owed: new Map(), deaf: new Set(),
  };
}

const hashOf = (block: number): Hex => keccak256(numberToBytes(block, { size: 32 }));
const personOf = (place: number): string => people[place] ?? 'nobody';
const lastRoundOf = (dispute: Dispute | undefined): Round | undefined => dispute?.rounds.at(-1);
const saidOf = (ruling: number, salt = 'salt'): string => `${ruling} ${salt}`;
/** How a juror votes when all do: two bits of the pattern, which also names one who stays silent. */
const choiceOf = (pattern: number, juror: number, choices: number): number => ((pattern >> (2 * (juror % 4))) & 3) % (choices + 1);
const silentOf = (pattern: number): number => pattern % 16;

function commitAll(state: Court, id: number, pattern: number): Court {
  const dispute = state.disputes[id - 1];
  return people.slice(0, jurorCount).reduce((next, juror, i) => {
    if (lastRoundOf(dispute)?.seats.get(juror)?.state !== 'silent' || i === silentOf(pattern)) return next;
    return commit(next, { juror, id, said: saidOf(choiceOf(pattern, i, dispute?.choices ?? 0)) });
  }, state);
}

function revealAll(state: Court, id: number): Court {
  const round = lastRoundOf(state.disputes[id - 1]);
  return people.slice(0, jurorCount).reduce((next, juror) => {
    const seat = round?.seats.get(juror);
    return seat?.state === 'committed' ? reveal(next, { juror, id, ruling: Number.parseInt(seat.said, 10), said: seat.said }) : next;
  }, state);
}

/** The first `count` jurors leave, as far as they can. */
function leaveMany(state: Court, count: number): Court {
  return people.slice(0, count).reduce((next, juror) => {
    const { tickets, leftAt } = jurorOf(next, juror);
    return tickets !== 0 && leftAt === undefined ? leaveJury(next, juror) : next;
  }, state);
}

function verbOf(step: DisputeStep): (state: Court) => Court {
  const { op, a, b, c } = step;
  const [caller, juror] = [personOf(a), personOf(a)];
  const verbs: Record<DisputeOp, (state: Court) => Court> = {
    wait: (state) => ({ ...state, now: state.now + secondsOf(step) }),
    mine: (state) => ({ ...state, block: state.block + secondsOf(step) }),
    joinJury: (state) => joinJury(state, juror, b),
    leaveJury: (state) => leaveJury(state, juror),
    exitJury: (state) => exitJury(state, juror),
    createDispute: (state) => createDispute(state, { arbitrable: caller, choices: b, payer: c === 1 ? 'payer' : caller }),
    draw: (state) => draw(state, b, hashOf),
    commit: (state) => commit(state, { juror, id: b, said: c === emptyCommitment ? '' : saidOf(c) }),
    reveal: (state) => reveal(state, { juror, id: b, ruling: c & 0x0f, said: saidOf(c & 0x0f, c >= wrongSalt ? 'other' : 'salt') }),
    commitAll: (state) => commitAll(state, b, c),
    revealAll: (state) => revealAll(state, b),
    closeSeat: (state) => closeSeat(state, { id: b, number: c, juror }),
    appeal: (state) => appeal(state, caller, b),
    conclude: (state) => conclude(state, b),
    ruleByGovernance: (state) => ruleByGovernance(state, { caller, id: b, ruling: c }),
    executeRuling: (state) => executeRuling(state, b),
    claimFee: (state) => claimFee(state, { id: b, number: c, juror }),
    withdraw: (state) => withdraw(state, caller),
    setParams: (state) => setParams(state, caller, paramSets[b] ?? usual),
    leaveMany: (state) => leaveMany(state, a),
    deafen: (state) => ({ ...state, deaf: new Set(a === 1 ? ['court'] : []) }),
  };
  return verbs[op];
}

/** Everything that the two must agree on at the end. */
function wordsOf(state: Court): (bigint | number | boolean)[] {
  const words: (bigint | number | boolean)[] = [state.now, state.block, state.disputes.length, activeTickets(state)];
  for (let id = 1; id <= maxDisputes; id += 1) {
    const dispute = state.disputes[id - 1];
    const current = dispute === undefined ? 0 : dispute.ended ? dispute.ruling : rulingOf(dispute, dispute.rounds.length - 1);
    words.push(phases.indexOf(phaseOf(state, id)), dispute?.rounds.length ?? 0, current, dispute?.executed ?? false);
    for (let number = 0; number < maxRounds; number += 1) words.push(...wordsOfRound(dispute?.rounds[number]));
  }
  for (const juror of people.slice(0, jurorCount)) {
    const { bond, tickets, openSeats, leftAt } = jurorOf(state, juror);
    words.push(bond, tickets, openSeats, leftAt ?? 0, amountOf(state.staked, juror), amountOf(state.locked, juror));
  }
  for (const who of people) words.push(amountOf(state.coins, who), amountOf(state.owed, who));
  return [...words, amountOf(state.coins, 'disputes'), amountOf(state.coins, 'staking')];
}

function wordsOfRound(round: Round | undefined): (bigint | number | boolean)[] {
  if (round === undefined) return Array.from({ length: 14 + jurorCount }, () => 0);
  const tally = round.votes.entries().reduce((sum, [ruling, votes]) => sum + (BigInt(votes) << BigInt(8 * ruling)), 0n);
  return [
    people.indexOf(round.payer), round.fee, round.bond, round.size, round.drawn, round.tickets, round.tries, round.anchorBlock,
    round.drawUntil, round.commitUntil, round.revealUntil, round.appealUntil, tally, round.tied,
    ...people.slice(0, jurorCount).map((juror) => {
      const seat = round.seats.get(juror);
      return seat === undefined ? 0 : seat.count + 256 * seat.vote + 65_536 * seatStates.indexOf(seat.state) + (seat.paid ? 2 ** 24 : 0);
    }),
  ];
}

// The walk

/** Seconds until one of the round's windows is in its last second, or just over. */
function untilBoundary(random: Random, state: Court, round: Round): number {
  const at = random.pick([round.drawUntil, round.commitUntil, round.revealUntil, round.appealUntil]) + random.below(2);
  return at > state.now ? at - state.now : random.pick([1, 3_601, day]);
}

/** Something that fits where the dispute stands, mostly by whom it befits. */
function progress(random: Random, state: Court, id: number): DisputeStep {
  const round = lastRoundOf(state.disputes[id - 1]);
  if (round === undefined) return { op: 'createDispute', a: random.chance(70) ? court : random.pick([payer, stranger]), b: random.chance(90) ? 2 : random.pick([0, 1, 15, 16]), c: random.below(2) };
  const rounds = (state.disputes[id - 1]?.rounds.length ?? 1) - 1;
  const seated = [...round.seats.keys()].map((name) => people.indexOf(name));
  const juror = seated.length > 0 && random.chance(90) ? random.pick(seated) : random.below(jurorCount);
  const waiting: DisputeStep = { op: 'wait', ...spanOf(untilBoundary(random, state, round)) };
  const by = (step: Omit<DisputeStep, 'b'>): DisputeStep => ({ ...step, b: id });
  const mining: DisputeStep = { op: 'mine', ...spanOf(random.pick([1, 2, 2, 2, 256, 257, 301])) };
  const steps: Record<Phase, readonly DisputeStep[]> = {
    none: [],
    drawing: state.block <= round.anchorBlock ? [mining, mining, mining, by({ op: 'draw', a: 0, c: 0 })] : [...Array.from({ length: 9 }, () => by({ op: 'draw', a: 0, c: 0 })), mining, waiting],
    commit: [
      ...Array.from({ length: 4 }, () => by({ op: 'commitAll', a: 0, c: random.below(256) })),
      by({ op: 'commit', a: juror, c: random.chance(10) ? emptyCommitment : random.below(4) }), waiting,
    ],
    reveal: [
      ...Array.from({ length: 4 }, () => by({ op: 'revealAll', a: 0, c: 0 })),
      by({ op: 'reveal', a: juror, c: random.below(4) + (random.chance(15) ? wrongSalt : 0) }), waiting,
    ],
    appeal: [...Array.from({ length: 3 }, () => by({ op: 'appeal', a: random.chance(90) ? payer : random.below(people.length), c: 0 })), waiting, by({ op: 'conclude', a: 0, c: 0 })],
    governance: [by({ op: 'ruleByGovernance', a: random.chance(85) ? owner : stranger, c: random.below(4) }), waiting],
    over: [by({ op: 'conclude', a: 0, c: 0 }), by({ op: 'conclude', a: 0, c: 0 }), by({ op: 'closeSeat', a: juror, c: rounds })],
    final: [by({ op: 'executeRuling', a: 0, c: 0 }), by({ op: 'claimFee', a: juror, c: rounds }), by({ op: 'claimFee', a: random.below(jurorCount), c: random.below(rounds + 1) }), { op: 'withdraw', a: random.below(people.length), b: 0, c: 0 }],
  };
  return random.pick(steps[phaseOf(state, id)]);
}

/** Anything, by anybody, of any dispute. */
function anything(random: Random): DisputeStep {
  const op = random.pick(disputeOps);
  const [a, b, c] = [random.below(people.length), random.below(maxDisputes + 2), random.below(4)];
  const juror = random.below(jurorCount);
  const few: Partial<Record<DisputeOp, DisputeStep>> = {
    wait: { op, ...spanOf(random.pick([1, day, 5 * day])) },
    mine: { op, ...spanOf(random.pick([1, 2, 300, 301])) },
    joinJury: { op, a: juror, b: random.pick([0, 1, 1, 1, 2, 7]), c: 0 },
    leaveJury: { op, a: juror, b: 0, c: 0 },
    exitJury: { op, a: juror, b: 0, c: 0 },
    // Walks have two disputes at most; these are refused.
    createDispute: { op, a: stranger, b: random.pick([0, 2, 16]), c: 0 },
    setParams: { op, a: random.chance(80) ? owner : a, b: random.below(paramSets.length), c: 0 },
    leaveMany: { op, a: random.below(jurorCount + 1), b: 0, c: 0 },
    deafen: { op, a: random.chance(30) ? 1 : 0, b: 0, c: 0 },
    appeal: { op, a: random.pick([payer, stranger]), b, c: 0 },
    closeSeat: { op, a: juror, b, c: random.below(2) },
  };
  return few[op] ?? { op, a, b, c };
}

/** Somebody whose seat of a past round is still open. */
function closing(random: Random, state: Court): DisputeStep | undefined {
  const open = state.disputes.flatMap(({ rounds }, i) => rounds.flatMap((round, number) => [...round.seats]
    .filter(([, seat]) => (seat.state === 'silent' || seat.state === 'committed') && state.now > Math.max(round.revealUntil, round.drawUntil))
    .map(([juror]): DisputeStep => ({ op: 'closeSeat', a: people.indexOf(juror), b: i + 1, c: number }))));
  return open.length === 0 ? undefined : random.pick(open);
}

/** Somebody who left: until the block in which the stake is free, and then out. */
function leaving(random: Random, state: Court): DisputeStep | undefined {
  const name = [...state.jurors].find(([, { leftAt }]) => leftAt !== undefined)?.[0];
  if (name === undefined) return undefined;
  const freeAt = (jurorOf(state, name).leftAt ?? 0) + 301 - random.below(2);
  return freeAt > state.block && random.chance(50) ? { op: 'mine', ...spanOf(freeAt - state.block) } : { op: 'exitJury', a: people.indexOf(name), b: 0, c: 0 };
}

function nextStep(random: Random, state: Court): DisputeStep {
  if (random.chance(14)) return (random.chance(20) ? leaving(random, state) : undefined) ?? anything(random);
  const late = random.chance(20) ? closing(random, state) : undefined;
  if (late) return late;
  const fresh = state.disputes.length === 0 || (state.disputes.length < maxDisputes && random.chance(6));
  return progress(random, state, fresh ? state.disputes.length + 1 : 1 + random.below(state.disputes.length));
}

/** `count` walks of 25 to 45 steps, and how often which step ended how. */
export function createDisputeSequences({ seed, count }: { seed: number; count: number }): { file: SequenceFile; tally: Tally } {
  const tally: Tally = new Map();
  const sequences = Array.from({ length: count }, (_, number) => {
    const random = createRandom(seed * 1_000_003 + number);
    let state = startingCourt();
    const steps: number[][] = [];
    for (let left = 25 + random.below(21); left > 0; left -= 1) {
      // Half of the walks are with other parameters from the start.
      const first: DisputeStep = { op: 'setParams', a: owner, b: random.below(4), c: 0 };
      const step = steps.length === 0 && random.chance(50) ? first : nextStep(random, state);
      const { world, outcome } = play(state, verbOf(step));
      state = world;
      steps.push([disputeOps.indexOf(step.op), step.a, step.b, step.c, disputeOutcomes.findIndex((one) => one === outcome)]);
      tally.set(`${step.op} ${outcome}`, (tally.get(`${step.op} ${outcome}`) ?? 0) + 1);
    }
    return packSequence(steps, digestOf(wordsOf(state)));
  });
  const errors = selectorsOf(disputeOutcomes, [disputesAbi, stakingAbi, neuroCoinAbi]);
  return { file: { madeBy: 'npm run generate', seed, errors, sequences }, tally };
}
