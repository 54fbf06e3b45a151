import type { RoundOutcome, RoundPart } from './roundOutcome.ts';

/** What each fault would cost a validator now, in base units of NCR. Being accused costs as much as a minority. */
export type FaultCosts = { silence: bigint; minority: bigint; overruled: bigint };

/** Source: `Validators._penalise`: parts of the least stake, never more than is locked. */
export function faultCosts(parameters: { locked: bigint; minStake: bigint; silenceBps: number; minorityBps: number; overruledBps: number }): FaultCosts {
  const { locked, minStake, silenceBps, minorityBps, overruledBps } = parameters;
  const cost = (bps: number): bigint => least(locked, (minStake * BigInt(bps)) / 10_000n);
  return { silence: cost(silenceBps), minority: cost(minorityBps), overruled: cost(overruledBps) };
}

/** The most that an open round can still cost its member; 0 once it has ended. */
export function riskOfRound(part: Pick<RoundPart, 'judgesRun' | 'vote' | 'verdict'>, outcome: RoundOutcome, costs: FaultCosts): bigint {
  const { silence, minority, overruled } = costs;
  const wrong = part.judgesRun ? most(minority, overruled) : 0n;
  switch (outcome) {
    case 'missed-commit': case 'missed-reveal': return silence;
    case 'to-commit': case 'to-reveal': case 'committed': return most(silence, wrong);
    case 'revealed': case 'to-settle': return wrong;
    // Referees can only overrule the majority; whoever was not in it stays where it is, or is found right.
    case 'contestable': case 'contested': return part.vote === part.verdict || !part.judgesRun ? wrong : minority;
    default: return 0n;
  }
}

const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
