import type { DealDto } from '@neurodata/protocol';
import type { JSX } from 'react';
import { t } from '../../language/t.ts';
import { BottomBar } from '../BottomBar.tsx';
import { Button } from '../Button.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { type Milestone, type Move, type Role, isLate } from './dealMoves.ts';
import { moveWords } from './moveWords.ts';

type StepProps = { deal: DealDto; titles: string[]; role: Role; now: number; next: { part: Milestone; move: Move } | undefined; hasWallet: boolean; onMove: (part: Milestone, move: Move) => void };

/** Whose turn it is, and the one thing that the reader can do. */
export function DealStep({ deal, titles, role, now, next, hasWallet, onMove }: StepProps): JSX.Element {
  const title = next?.move === 'poke' ? t`Anybody can move it on` : next ? t`It is your turn` : turnOf(deal, now);
  return (
    <div className="panel grid gap-3 p-5">
      <h2 className="text-lg">{title}</h2>
      {next ? (
        <>
          <p className="text-muted"><span className="font-medium wrap-anywhere text-text">{titles[next.part.index] || t`Milestone ${next.part.index + 1}`}</span>, <TokenAmount amount={next.part.left} token={deal.token} />. {sentenceOf(next.move, next.part)}</p>
          {hasWallet && <BottomBar><Button look="primary" onClick={() => onMove(next.part, next.move)}>{moveWords[next.move]}</Button></BottomBar>}
          {!hasWallet && <p className="text-sm text-muted">Choose a wallet to do so.</p>}
        </>
      ) : <p className="text-muted">{deal.state !== 'open' ? 'All money of this deal is paid out or credited.' : role === 'buyer' ? 'You can release a milestone at any time.' : role === 'seller' ? 'You can give a milestone back at any time.' : 'The milestones say what they wait for.'}</p>}
    </div>
  );
}

/** Who has to do something, where it is not the reader. */
function turnOf(deal: DealDto, now: number): string {
  if (deal.state !== 'open') return t`Nothing is left to do`;
  const open = deal.milestones.filter((part) => part.state !== 'closed' && !isLate(part, now)).toSorted((a, b) => (a.until ?? Infinity) - (b.until ?? Infinity));
  switch (open[0]?.state) {
    case 'waiting': return t`It is the seller’s turn`;
    case 'delivered': return t`It is the buyer’s turn`;
    case 'contested': return deal.jurors ? t`Buyer or seller can ask jurors` : deal.arbiter ? t`It is the arbiter’s turn` : t`Buyer and seller have to agree`;
    case 'escalated': return t`It is the jurors’ turn`;
    default: return t`Anybody can move it on`;
  }
}

function sentenceOf(move: Move, { state }: Milestone): string {
  if (move === 'poke') return state === 'waiting' ? t`It was not delivered in time and goes back to the buyer; whoever sends the transaction moves it.` : state === 'delivered' ? t`It was not contested in time and goes to the seller; whoever sends the transaction moves it.` : t`Nobody ruled in time, and half goes to each; whoever sends the transaction moves it.`;
  if (move === 'deliver') return t`Say what you delivered: its digest goes on chain, and the buyer’s time to contest begins.`;
  if (move === 'release') return t`It was delivered. Look at what you got: release the money if it is right, contest it below if not.`;
  if (move === 'split') return t`It is contested, and you were named to rule: say how much the seller gets.`;
  return t`It is contested. Jurors decide if one of you asks them and pays their fee.`;
}
