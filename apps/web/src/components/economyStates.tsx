import type { DealDto, DisputePhase, MilestoneState, ProposalState } from '@neurodata/protocol';
import type { ComponentProps, JSX } from 'react';
import { Badge } from './State.tsx';

type Tone = NonNullable<ComponentProps<typeof Badge>['tone']>;

const proposals: Record<ProposalState, [Tone, string]> = {
  pending: ['plain', 'Voting has not begun'], active: ['accent', 'Voting'], canceled: ['plain', 'Taken back'], defeated: ['plain', 'Defeated'], succeeded: ['good', 'Won the vote'],
  queued: ['warn', 'Waiting for its delay'], expired: ['plain', 'Expired'], executed: ['good', 'Carried out'],
};

export function ProposalBadge({ state }: { state: ProposalState }): JSX.Element {
  const [tone, text] = proposals[state];
  return <Badge tone={tone} testId="proposal-state" value={state}>{text}</Badge>;
}

const phases: Record<DisputePhase, [Tone, string]> = {
  none: ['plain', 'Unknown'], drawing: ['accent', 'Drawing jurors'], commit: ['accent', 'Jurors commit'], reveal: ['accent', 'Jurors reveal'], appeal: ['warn', 'Open to appeal'],
  over: ['warn', 'To be concluded'], governance: ['warn', 'Before governance'], final: ['good', 'Ruled'],
};

export function PhaseBadge({ phase }: { phase: DisputePhase }): JSX.Element {
  const [tone, text] = phases[phase];
  return <Badge tone={tone} testId="dispute-phase" value={phase}>{text}</Badge>;
}

const deals: Record<DealDto['state'], [Tone, string]> = { open: ['accent', 'Open'], ended: ['good', 'Paid out'], cancelled: ['plain', 'Cancelled by both'], recovered: ['warn', 'Split by governance'] };

export function DealBadge({ state }: { state: DealDto['state'] }): JSX.Element {
  const [tone, text] = deals[state];
  return <Badge tone={tone} testId="deal-state" value={state}>{text}</Badge>;
}

const milestones: Record<MilestoneState, [Tone, string]> = {
  none: ['plain', 'Unknown'], waiting: ['accent', 'To be delivered'], delivered: ['warn', 'Delivered'], contested: ['warn', 'Contested'], escalated: ['warn', 'Before jurors'], closed: ['plain', 'Closed'],
};

export function MilestoneBadge({ state }: { state: MilestoneState }): JSX.Element {
  const [tone, text] = milestones[state];
  return <Badge tone={tone}>{text}</Badge>;
}

/** What a ruling means for what the dispute is about; the numbers are those of the contract that asked. */
export function rulingText(dispute: { deal?: unknown; orderId?: unknown; asset?: unknown }, ruling: number): string {
  const words = dispute.deal ? ['half to each', 'to the buyer', 'to the seller']
    : dispute.orderId ? ['no decision: the default', 'to the buyer', 'to the seller']
      : dispute.asset ? ['undecided: it stays suspended', 'reinstate it', 'keep it suspended'] : ['refused to decide'];
  return words[ruling] ?? `ruling ${ruling}`;
}
