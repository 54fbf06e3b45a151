import type { Duty } from './readDuties.ts';

/** Rounds whose time is over for the member: how many there were, in how many it committed and revealed, how many it missed. */
export type RoundCount = { drawn: number; attended: number; missed: number };
/** Of all rounds looked at, and of those whose time to reveal ended within 30 days. */
export type Participation = { all: RoundCount; recent: RoundCount };

const RECENT = 30 * 86_400;

/** How often a validator was there when drawn, at a moment in Unix seconds. What it may still do does not count. */
export function participationOf(duties: Pick<Duty, 'committed' | 'vote' | 'commitUntil' | 'revealUntil' | 'ended'>[], now: number): Participation {
  const over = duties.filter(({ committed, vote, commitUntil, revealUntil, ended }) => ended !== undefined || vote !== 'none' || now > (committed ? revealUntil : commitUntil));
  return { all: countOf(over), recent: countOf(over.filter(({ revealUntil }) => revealUntil >= now - RECENT)) };
}

function countOf(duties: Pick<Duty, 'vote'>[]): RoundCount {
  const attended = duties.filter(({ vote }) => vote !== 'none').length;
  return { drawn: duties.length, attended, missed: duties.length - attended };
}
