import type { DealDto, DisputePhase, MilestoneState, ProposalState } from '@neurodata/protocol';
import type { ComponentProps, JSX } from 'react';
import { t } from '../language/t.ts';
import { Badge } from './State.tsx';

type Tone = NonNullable<ComponentProps<typeof Badge>['tone']>;

const proposals: Record<ProposalState, [Tone, string]> = {
  pending: ['plain', t`Voting has not begun`], active: ['accent', t`Voting`], canceled: ['plain', t`Taken back`], defeated: ['plain', t`Defeated`], succeeded: ['good', t`Won the vote`],
  queued: ['warn', t`Waiting for its delay`], expired: ['plain', t`Expired`], executed: ['good', t`Carried out`],
};

export function ProposalBadge({ state }: { state: ProposalState }): JSX.Element {
  const [tone, text] = proposals[state];
  return <Badge tone={tone} testId="proposal-state" value={state}>{text}</Badge>;
}

const phases: Record<DisputePhase, [Tone, string]> = {
  none: ['plain', t`Unknown`], drawing: ['accent', t`Drawing jurors`], commit: ['accent', t`Jurors commit`], reveal: ['accent', t`Jurors reveal`], appeal: ['warn', t`Open to appeal`],
  over: ['warn', t`To be concluded`], governance: ['warn', t`Before governance`], final: ['good', t`Ruled`],
};

export function PhaseBadge({ phase }: { phase: DisputePhase }): JSX.Element {
  const [tone, text] = phases[phase];
  return <Badge tone={tone} testId="dispute-phase" value={phase}>{text}</Badge>;
}

const deals: Record<DealDto['state'], [Tone, string]> = { open: ['accent', t`Open`], ended: ['good', t`Paid out`], cancelled: ['plain', t`Cancelled by both`], recovered: ['warn', t`Split by governance`] };

export function DealBadge({ state }: { state: DealDto['state'] }): JSX.Element {
  const [tone, text] = deals[state];
  return <Badge tone={tone} testId="deal-state" value={state}>{text}</Badge>;
}

const milestones: Record<MilestoneState, [Tone, string]> = {
  none: ['plain', t`Unknown`], waiting: ['accent', t`To be delivered`], delivered: ['warn', t`Delivered`], contested: ['warn', t`Contested`], escalated: ['warn', t`Before jurors`], closed: ['plain', t`Closed`],
};

export function MilestoneBadge({ state }: { state: MilestoneState }): JSX.Element {
  const [tone, text] = milestones[state];
  return <Badge tone={tone}>{text}</Badge>;
}

/** What a ruling means for what the dispute is about; the numbers are those of the contract that asked. */
export function rulingText(dispute: { deal?: unknown; orderId?: unknown; asset?: unknown }, ruling: number): string {
  const words = dispute.deal ? [t`half to each`, t`to the buyer`, t`to the seller`]
    : dispute.orderId ? [t`no decision: the default`, t`to the buyer`, t`to the seller`]
      : dispute.asset ? [t`undecided: it stays suspended`, t`reinstate it`, t`keep it suspended`] : [t`refused to decide`];
  return words[ruling] ?? t`ruling ${ruling}`;
}
