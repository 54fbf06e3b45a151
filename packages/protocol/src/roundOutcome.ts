import type { ChallengeOutcome, Fault, RoundKind, Verdict } from './states.ts';

/** Stake that a member lost. `delegated`: what others had lent to it and lost with it. `to`: the pool that rewards all stake, or the run's contract. */
export type PartSlash = { fault: Fault; amount: bigint; delegated: bigint; to: 'pool' | 'run' };

/** What the chain says of one validator's part in one round. Amounts in base units of NCR, moments in Unix seconds of the chain. */
export type RoundPart = {
  kind: RoundKind;
  /** Of the committee; two thirds of it decide. */
  size: number;
  committed: boolean;
  /** `none` until it is revealed. */
  vote: Verdict;
  /** How many of the committee have committed, and revealed which verdict. */
  commits: number;
  accepts: number;
  rejects: number;
  commitUntil: number;
  revealUntil: number;
  settled: boolean;
  /** What the quorum found; `none` without one. */
  verdict: Verdict;
  /** What was found right in the end; undefined until the round has ended. Another one than `verdict` where a challenge won. */
  right?: Verdict;
  /** A worker's run is judged: the round waits for challenges, and being wrong costs stake. Not so in rounds of referees. */
  judgesRun: boolean;
  /** Of a long run: how many of its steps the committee had to re-execute. */
  segments?: { drawn: number; all: number };
  contestableUntil?: number;
  /** Challenges under way. */
  contests: number;
  /** How the challenge ended that ended the round. */
  resolved?: ChallengeOutcome;
  /** A challenge was left undecided: then nobody pays for having been in the minority. */
  doubtful: boolean;
  /** The worker owned up to a canary that had been rejected. */
  spared: boolean;
  fee: bigint;
  /** Members that shared the fee. */
  winners: number;
  reward?: bigint;
  slash?: PartSlash;
  /** Members who said that its evidence is not that of somebody who did the work. */
  accusers: number[];
};

export const roundOutcomes = [
  'to-commit', 'to-reveal', 'committed', 'revealed', 'missed-commit', 'missed-reveal', 'to-settle', 'contestable', 'contested',
  'paid', 'paid-after-challenge', 'no-fee', 'never-committed', 'never-revealed', 'no-quorum', 'minority', 'overruled', 'overturned', 'accused',
] as const;
/** What a round was, or still is, to one member. From `paid` on the round has ended. */
export type RoundOutcome = (typeof roundOutcomes)[number];

/** Two thirds of the other members. Source: `Validators._isConvicted`. */
export function isConvicted({ accusers, size }: Pick<RoundPart, 'accusers' | 'size'>): boolean {
  return accusers.length > 0 && accusers.length * 3 >= (size - 1) * 2;
}

/** Which phase a round is in at a moment. Source: `Validators._phase`, of a committee that has been drawn. */
export function roundPhaseAt(part: Pick<RoundPart, 'size' | 'commits' | 'accepts' | 'rejects' | 'commitUntil' | 'revealUntil' | 'settled'>, now: number): 'commit' | 'reveal' | 'settleable' | 'settled' {
  if (part.settled) return 'settled';
  if (part.commits < part.size && now <= part.commitUntil) return 'commit';
  return part.accepts + part.rejects === part.commits || now > part.revealUntil ? 'settleable' : 'reveal';
}

/** What the round is to the member at a moment; the order of the checks is that of `Validators._end` and `_faultOf`. */
export function outcomeOfRound(part: RoundPart, now: number): RoundOutcome {
  return part.right === undefined ? openOutcome(part, now) : endedOutcome(part, part.right);
}

function openOutcome(part: RoundPart, now: number): RoundOutcome {
  const phase = roundPhaseAt(part, now);
  if (phase === 'commit') return part.committed ? 'committed' : 'to-commit';
  if (!part.committed) return 'missed-commit';
  if (part.vote === 'none') return phase === 'reveal' ? 'to-reveal' : 'missed-reveal';
  if (phase === 'reveal') return 'revealed';
  if (phase === 'settleable') return 'to-settle';
  return part.contests > 0 ? 'contested' : 'contestable';
}

function endedOutcome(part: RoundPart, right: Verdict): RoundOutcome {
  if (part.vote === 'none') return part.committed ? 'never-revealed' : 'never-committed';
  if (part.slash?.fault === 'accused' || isConvicted(part)) return 'accused';
  if (part.vote === right) {
    if (part.fee === 0n) return 'no-fee';
    return right === part.verdict ? 'paid' : 'paid-after-challenge';
  }
  if (right === 'none') return 'no-quorum';
  if (right === part.verdict) return 'minority';
  return part.slash ? 'overruled' : 'overturned';
}
