import type { DealDto } from '@neurodata/protocol';
import type { DealEscrow, DealFacts } from '@neurodata/sdk';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { t } from '../../language/t.ts';
import { type MilestoneAct, dealEscrowQuery, dealFactsQuery, useMilestoneMutation } from '../../queries/deals.ts';
import { duration, Money } from '../Amounts.tsx';
import { Hash } from '../Copy.tsx';
import { Skeleton } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';
import { AmountForm } from '../token/AmountForm.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { useTokenUnit } from '../useTokenUnit.ts';
import { DeliverForm } from './DeliverForm.tsx';
import type { Milestone, Move } from './dealMoves.ts';
import { EvidenceForm } from './EvidenceForm.tsx';

const GAS: Record<MilestoneAct['act'], number> = { deliver: 80_000, release: 110_000, refund: 110_000, split: 130_000, contest: 80_000, escalate: 400_000, poke: 130_000, evidence: 60_000 };

type MoveDialogProps = { deal: DealDto; part: Milestone; move: Move; onClose: () => void };
/** The question to the signer, and what clears what was typed once it is through. */
type Asked = { ask: Ask; clear?: () => void };

/** One move of a milestone: what it needs is typed first, then what it does is said, and signed. */
export function MoveDialog({ deal, part: shown, move, onClose }: MoveDialogProps): JSX.Element {
  // The milestone as it was when this was opened: what is signed changes it.
  const [part] = useState(shown);
  const [asked, setAsked] = useState<Asked>();
  const act = useMutation(useMilestoneMutation());
  const { data: facts } = useQuery(dealFactsQuery(deal.dealId));
  const { data: escrow } = useQuery({ ...dealEscrowQuery(deal.token, undefined), enabled: move === 'escalate' });
  const ask = (input: MilestoneAct, words: Omit<Ask, 'gas' | 'act'>, clear?: () => void): Asked => ({
    ask: { ...words, gas: GAS[input.act], act: () => act.mutateAsync({ dealId: deal.dealId, index: part.index, ...input }) }, ...(clear ? { clear } : {}),
  });
  if (asked) return <SignDialog ask={asked.ask} onClose={onClose} onDone={() => asked.clear?.()} />;
  const close = (open: boolean): void => { if (!open) onClose(); };
  const name = t`Milestone ${part.index + 1}`;
  if (!facts || (move === 'escalate' && !escrow)) return <Modal open onOpenChange={close} title={name}><Skeleton className="h-32" /></Modal>;
  const parameters = { deal, part, facts, escrow, ask };
  const direct = directly(move, parameters);
  if (direct) return <SignDialog ask={direct.ask} onClose={onClose} />;
  return (
    <Modal open onOpenChange={close} title={titleOf[move] ?? name} description={name}>
      {move === 'deliver' && <DeliverForm keep={`deliver-${deal.dealId}-${part.index}`} onDigest={(digest, clear) => setAsked(deliver(digest, clear, parameters))} />}
      {move === 'evidence' && <EvidenceForm keep={`evidence-${deal.dealId}-${part.index}`} onText={(text, clear) => setAsked(addEvidence(text, clear, parameters))} />}
      {(move === 'releasePart' || move === 'refund' || move === 'split') && <Part move={move} parameters={parameters} onAsk={setAsked} />}
    </Modal>
  );
}

const titleOf: Partial<Record<Move, string>> = { deliver: t`Deliver`, evidence: t`Add evidence`, releasePart: t`Release a part`, refund: t`Give back`, split: t`Rule` };

type Parameters = { deal: DealDto; part: Milestone; facts: DealFacts; escrow: DealEscrow | undefined; ask: (input: MilestoneAct, words: Omit<Ask, 'gas' | 'act'>, clear?: () => void) => Asked };

/** Those that need nothing typed. */
function directly(move: Move, { deal, part, facts, escrow, ask }: Parameters): Asked | undefined {
  const number = part.index + 1;
  const left = <TokenAmount key="left" amount={part.left} token={deal.token} strong />;
  switch (move) {
    case 'release': return ask({ act: 'release', amount: part.left }, {
      title: t`Release milestone ${number}`, text: t`All that is left of it becomes the seller’s at once. Nobody can bring it back.`, lines: [[t`To the seller`, left]], button: t`Sign and release`,
    });
    case 'contest': return ask({ act: 'contest' }, {
      title: t`Contest milestone ${number}`, text: contestText(deal), lines: [[t`Stays in escrow`, left], [t`Time to rule`, duration(facts.arbitrationWindow)]], button: t`Sign and contest`, danger: true,
    });
    case 'escalate': return ask({ act: 'escalate' }, {
      title: t`Ask jurors about milestone ${number}`, text: t`You pay the jurors’ fee. Jurors drawn by stake read agreement and evidence and decide whose the milestone is. Up to two transactions: the fee is allowed, then paid.`,
      lines: [[t`Jurors’ fee`, <Money key="fee" amount={escrow?.juryCost ?? 0n} strong />], [t`Stays in escrow`, left]], button: t`Sign and ask`,
    });
    case 'poke': return ask({ act: 'poke' }, { title: t`Settle milestone ${number}`, text: pokeText(part), lines: pokeLines(deal, part), button: t`Sign and settle` });
    default: return undefined;
  }
}

function contestText(deal: DealDto): string {
  if (deal.jurors) return t`You say that the delivery is not what was agreed. Either side can then ask jurors; if nobody does in time, half goes to each.`;
  return deal.arbiter ? t`You say that the delivery is not what was agreed. The arbiter divides the milestone; if they do not rule in time, half goes to each.`
    : t`You say that the delivery is not what was agreed. Nobody rules on this deal: if you come to no agreement in time, half goes to each.`;
}

function pokeText({ state }: Milestone): string {
  if (state === 'waiting') return t`It was not delivered in time: what is left goes back to the buyer. You only send the transaction.`;
  if (state === 'delivered') return t`It was delivered and not contested in time: what is left goes to the seller. You only send the transaction.`;
  return t`It was contested and nobody ruled in time: half of what is left goes to each. You only send the transaction.`;
}

function pokeLines(deal: DealDto, { state, left }: Milestone): Ask['lines'] {
  const toSeller = state === 'waiting' ? 0n : state === 'delivered' ? left : left / 2n;
  return sides(deal, toSeller, left);
}

function sides({ token }: DealDto, toSeller: bigint, left: bigint): Ask['lines'] {
  return [[t`To the seller`, <TokenAmount key="seller" amount={toSeller} token={token} strong />], [t`To the buyer`, <TokenAmount key="buyer" amount={left - toSeller} token={token} strong />]];
}

function deliver(digest: `0x${string}`, clear: () => void, { deal, part, facts, ask }: Parameters): Asked {
  return ask({ act: 'deliver', digest }, {
    title: t`Deliver milestone ${part.index + 1}`, button: t`Sign and deliver`,
    text: t`The digest goes on chain and shows later what you delivered. The content itself does not leave this browser: send it to the buyer yourself.`,
    lines: [[t`Digest`, <Hash key="digest" value={digest} label="digest" />], [t`The buyer can contest it for`, duration(facts.reviewWindow)], [t`Then yours`, <TokenAmount key="left" amount={part.left} token={deal.token} strong />]],
  }, clear);
}

function addEvidence(text: string, clear: () => void, { part, ask }: Parameters): Asked {
  return ask({ act: 'evidence', text }, {
    title: t`Add evidence to milestone ${part.index + 1}`, text: t`It is stored publicly, and its address goes on chain. It cannot be taken back.`, lines: [[t`Evidence`, <span key="text" className="line-clamp-3 wrap-anywhere">{text}</span>]], button: t`Sign and add`,
  }, clear);
}

type PartProps = { move: 'releasePart' | 'refund' | 'split'; parameters: Parameters; onAsk: (asked: Asked) => void };

/** An amount of what is left: for the seller, or back to the buyer. */
function Part({ move, parameters: { deal, part, ask }, onAsk }: PartProps): JSX.Element {
  const unit = useTokenUnit(deal.token);
  if (!unit) return <Skeleton className="h-20" />;
  const number = part.index + 1;
  const choose = (amount: bigint, clear: () => void): void => {
    const rest: Ask['lines'] = [[t`Stays in escrow`, <TokenAmount key="rest" amount={part.left - amount} token={deal.token} />]];
    const moved = <TokenAmount key="moved" amount={amount} token={deal.token} strong />;
    if (move === 'releasePart') onAsk(ask({ act: 'release', amount }, { title: t`Release a part of milestone ${number}`, text: t`It becomes the seller’s at once. Nobody can bring it back.`, lines: [[t`To the seller`, moved], ...rest], button: t`Sign and release` }, clear));
    else if (move === 'refund') onAsk(ask({ act: 'refund', amount }, { title: t`Give milestone ${number} back`, text: t`It becomes the buyer’s at once, and is lost to you.`, lines: [[t`To the buyer`, moved], ...rest], button: t`Sign and give back`, danger: true }, clear));
    else onAsk(ask({ act: 'split', amount }, { title: t`Rule on milestone ${number}`, text: t`You divide what is left between the two. It counts at once, and nobody can appeal.`, lines: sides(deal, amount, part.left), button: t`Sign and rule` }, clear));
  };
  return (
    <AmountForm keep={`${move}-${deal.dealId}-${part.index}`} label={move === 'refund' ? t`Back to the buyer` : t`To the seller`} max={part.left} maxText="All that is left" button="Continue" orNothing={move === 'split'} decimals={unit.decimals} unit={unit.unit} onAsk={choose} />
  );
}
