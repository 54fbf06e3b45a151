import type { DealDto } from '@neurodata/protocol';
import { Check } from 'lucide-react';
import { type JSX, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { t } from '../../language/t.ts';
import { When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Hash } from '../Copy.tsx';
import { MilestoneBadge } from '../economyStates.tsx';
import { lazyPart } from '../lazyPart.ts';
import { TokenAmount } from '../TokenAmount.tsx';
import { type Milestone, type Move, type Role, isLate, movesOf } from './dealMoves.ts';
import { moveWords } from './moveWords.ts';

const CompareDelivery = lazyPart(() => import('./CompareDelivery.tsx'), 'CompareDelivery');

type ListProps = { deal: DealDto; titles: string[]; role: Role; now: number; /** Its move stands above, as the page's one next step. */ next: Milestone | undefined; onMove: (part: Milestone, move: Move) => void };

/** The way of the money, milestone by milestone: what is due, until when, and what the reader can do. */
export function MilestoneList(props: ListProps): JSX.Element {
  const { milestones } = props.deal;
  return <ol className="grid">{milestones.map((part, index) => <Item key={part.index} {...props} part={part} isLast={index === milestones.length - 1} />)}</ol>;
}

function Item({ deal, titles, role, now, next, onMove, part, isLast }: ListProps & { part: Milestone; isLast: boolean }): JSX.Element {
  const [comparing, setComparing] = useState(false);
  const moves = movesOf(deal, part, { role, now });
  const offered = [...(moves.next && next?.index !== part.index ? [moves.next] : []), ...moves.others];
  const isOver = part.state === 'closed';
  const { digest } = part;
  return (
    <li className="relative flex gap-3 pb-6 last:pb-0" data-testid="milestone" data-state={part.state} aria-current={next?.index === part.index ? 'step' : undefined}>
      {!isLast && <span aria-hidden="true" className={`absolute top-7 bottom-1 left-[11px] w-px ${isOver ? 'bg-accent' : 'bg-line-strong/50'}`} />}
      <Dot isOver={isOver} isNow={!isOver && deal.state === 'open'} />
      <div className="grid min-w-0 flex-1 gap-1.5">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <h3 className="flex min-w-0 flex-wrap items-baseline gap-x-3 gap-y-1 text-base"><span className="min-w-0 wrap-anywhere">{titles[part.index] || t`Milestone ${part.index + 1}`}</span><MilestoneBadge state={part.state} /></h3>
          <TokenAmount amount={part.amount} token={deal.token} strong />
        </div>
        {deal.state === 'open' && <p className="text-muted"><Standing deal={deal} part={part} late={isLate(part, now)} /></p>}
        {(part.toSeller > 0n || part.toBuyer > 0n) && <p className="text-sm text-muted">{part.toSeller > 0n && <>To the seller: <TokenAmount amount={part.toSeller} token={deal.token} />. </>}{part.toBuyer > 0n && <>To the buyer: <TokenAmount amount={part.toBuyer} token={deal.token} />. </>}{part.left > 0n && <>In escrow: <TokenAmount amount={part.left} token={deal.token} />.</>}</p>}
        {digest && <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted"><span>Delivered: <Hash value={digest} label="digest of what was delivered" /></span><Button size="small" look="quiet" onClick={() => setComparing(true)}>Compare with what you got</Button></p>}
        {offered.length > 0 && <div className="flex flex-wrap gap-2 pt-1">{offered.map((move) => <Button key={move} size="small" look={move === 'contest' ? 'danger' : 'secondary'} onClick={() => onMove(part, move)}>{moveWords[move]}</Button>)}</div>}
        {digest && comparing && <Suspense fallback={null}><CompareDelivery digest={digest} number={part.index + 1} onClose={() => setComparing(false)} /></Suspense>}
      </div>
    </li>
  );
}

function Dot({ isOver, isNow }: { isOver: boolean; isNow: boolean }): JSX.Element {
  const look = isOver ? 'border-accent bg-accent text-on-accent' : isNow ? 'border-accent bg-accent-soft' : 'border-line-strong/60 bg-surface';
  return <span aria-hidden="true" className={`grid size-6 shrink-0 place-items-center rounded-full border ${look}`}>{isOver ? <Check size={14} /> : isNow && <span className="size-2 rounded-full bg-accent" />}</span>;
}

/** What a milestone waits for, and until when. */
function Standing({ deal, part: { state, until, disputeId }, late }: { deal: DealDto; part: Milestone; late: boolean }): JSX.Element | null {
  if (state === 'escalated' && disputeId !== undefined) return <>Jurors decide: <Link to={`/disputes/${disputeId}`} className="link">Dispute {disputeId}</Link></>;
  if (until === undefined) return null;
  const when = <When at={until} />;
  if (state === 'waiting') return late ? <>Not delivered in time. Anybody can return it to the buyer.</> : <>To be delivered, at the latest {when}. Else it goes back to the buyer.</>;
  if (state === 'delivered') return late ? <>Not contested in time. Anybody can pay the seller.</> : <>The buyer releases or contests it; silence pays the seller, {when}.</>;
  if (state !== 'contested') return null;
  if (late) return <>Nobody ruled in time. Anybody can split it in half.</>;
  if (deal.jurors) return <>Either side can ask jurors. If nobody does, it is split in half, {when}.</>;
  return deal.arbiter ? <>The arbiter rules. Else it is split in half, {when}.</> : <>Nobody rules: agree, or it is split in half, {when}.</>;
}
