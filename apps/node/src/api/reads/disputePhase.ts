import type { DisputePhase, SeatState } from '@neurodata/protocol';

/** What decides on a round's phase; times in Unix seconds. */
export type JuryFacts = {
  size: number; drawUntil: number | null; commitUntil: number | null; revealUntil: number | null; appealUntil: number | null;
  seats: readonly { count: number; state: SeatState; vote: number | null }[];
};

/** Where a dispute stands, and until when; mirrors `Disputes.phaseOf`, whose last second is still inside. */
export function disputePhase(dispute: { ended: boolean; last: JuryFacts }, now: number): { phase: DisputePhase; deadline?: number } {
  const { ended, last } = dispute;
  const over = { phase: 'over' } as const;
  const within = (phase: DisputePhase, until: number | null): { phase: DisputePhase; deadline?: number } | undefined => (until !== null && now <= until ? { phase, deadline: until } : undefined);
  if (ended) return { phase: 'final' };
  if (last.size === 0) return within('governance', last.appealUntil) ?? over;
  if (last.commitUntil === null) return within('drawing', last.drawUntil) ?? over;
  const revealed = last.seats.filter(({ state }) => state === 'revealed').length;
  const committed = last.seats.filter(({ state }) => state === 'committed').length + revealed;
  if (committed < last.seats.length) {
    const commit = within('commit', last.commitUntil);
    if (commit) return commit;
  }
  if (revealed < committed) {
    const reveal = within('reveal', last.revealUntil);
    if (reveal) return reveal;
  }
  return within('appeal', last.appealUntil) ?? over;
}

/** Seats for each ruling that got any, by ruling. */
export function votesOf(jury: Pick<JuryFacts, 'seats'>): { ruling: number; seats: number }[] {
  const votes = new Map<number, number>();
  for (const { state, vote, count } of jury.seats) {
    if (state === 'revealed' && vote !== null) votes.set(vote, (votes.get(vote) ?? 0) + count);
  }
  return [...votes].toSorted(([a], [b]) => a - b).map(([ruling, seats]) => ({ ruling, seats }));
}

/** What each round says if it were the last; mirrors `Disputes.rulingOf`: a tie is 0, no vote leaves the ruling before. */
export function rulingsOf(juries: readonly Pick<JuryFacts, 'seats'>[]): number[] {
  let ruling = 0;
  return juries.map((jury) => {
    const votes = votesOf(jury);
    const most = Math.max(...votes.map(({ seats }) => seats));
    const leading = votes.filter(({ seats }) => seats === most);
    if (votes.length > 0) ruling = leading.length === 1 ? (leading[0]?.ruling ?? 0) : 0;
    return ruling;
  });
}
