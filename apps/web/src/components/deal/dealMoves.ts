import type { DealDto } from '@neurodata/protocol';

export type Milestone = DealDto['milestones'][number];
export type Role = 'buyer' | 'seller' | 'arbiter' | 'other';
/** What can be done with a milestone. `poke`: its time is over, and its money moves to where it belongs. */
export type Move = 'deliver' | 'release' | 'releasePart' | 'refund' | 'contest' | 'split' | 'escalate' | 'evidence' | 'poke';
/** The one thing that is to be done now by whoever looks, and what can be done besides. */
export type Moves = { next?: Move; others: Move[] };

export function roleOf(deal: Pick<DealDto, 'buyer' | 'seller' | 'arbiter'>, account: string | undefined): Role {
  const is = (party: string | undefined): boolean => account !== undefined && party?.toLowerCase() === account.toLowerCase();
  if (is(deal.buyer)) return 'buyer';
  if (is(deal.seller)) return 'seller';
  return is(deal.arbiter) ? 'arbiter' : 'other';
}

/** Whether the time that a milestone's state waits is over, so that anybody may settle it. */
export const isLate = (part: Pick<Milestone, 'until'>, now: number): boolean => part.until !== undefined && now > part.until;

/** What an account may do with a milestone now, as the escrow allows it. */
export function movesOf(deal: Pick<DealDto, 'state' | 'jurors'>, part: Pick<Milestone, 'state' | 'until'>, { role, now }: { role: Role; now: number }): Moves {
  if (deal.state !== 'open' || part.state === 'none' || part.state === 'closed') return { others: [] };
  const late = isLate(part, now);
  const giving: Move[] = role === 'buyer' ? ['release', 'releasePart'] : role === 'seller' ? ['refund'] : [];
  const evidence: Move[] = role === 'buyer' || role === 'seller' ? ['evidence'] : [];
  if (late) return { next: 'poke', others: giving };
  switch (part.state) {
    case 'waiting': return role === 'seller' ? { next: 'deliver', others: giving } : { others: giving };
    case 'delivered': return role === 'buyer' ? { next: 'release', others: ['releasePart', 'contest'] } : { others: giving };
    case 'contested': {
      if (role === 'arbiter') return { next: 'split', others: [] };
      return deal.jurors && evidence.length > 0 ? { next: 'escalate', others: [...giving, ...evidence] } : { others: [...giving, ...evidence] };
    }
    case 'escalated': return { others: [...giving, ...evidence] };
    default: return { others: [] };
  }
}

/** The milestone that an account should look at first: of those where it has something to do, the one whose time is over first. */
export function nextOf(deal: DealDto, parameters: { role: Role; now: number }): { part: Milestone; move: Move } | undefined {
  const due = deal.milestones.flatMap((part) => {
    const { next } = movesOf(deal, part, parameters);
    return next ? [{ part, move: next }] : [];
  });
  return due.toSorted((a, b) => (a.part.until ?? Infinity) - (b.part.until ?? Infinity) || a.part.index - b.part.index)[0];
}
