import type { CurationDto, CurationStatus, JobState, OrderState, VersionStatus } from '@neurodata/protocol';
import type { JSX, ReactNode } from 'react';
import { t } from '../language/t.ts';

type Tone = 'plain' | 'accent' | 'good' | 'warn' | 'bad';

const tones: Record<Tone, string> = {
  plain: 'border-line text-muted bg-bg',
  accent: 'border-transparent text-accent bg-accent-soft',
  good: 'border-transparent text-good bg-good-soft',
  warn: 'border-transparent text-warn bg-warn-soft',
  bad: 'border-transparent text-bad bg-bad-soft',
};

/** A word about a state. Colour repeats what the word says. */
export function Badge({ tone = 'plain', children, testId, value, title }: { tone?: Tone; children: ReactNode; testId?: string; value?: string; title?: string }): JSX.Element {
  return <span title={title} data-testid={testId} data-state={value} className={`inline-flex items-center gap-1 rounded-full border px-2 py-0.5 text-xs font-medium whitespace-nowrap ${tones[tone]}`}>{children}</span>;
}

const orders: Record<OrderState, [Tone, string]> = {
  none: ['plain', t`Unknown`], open: ['accent', t`Waiting for the key`], granted: ['warn', t`Key granted`], disputed: ['warn', t`Disputed`],
  released: ['good', t`Money released`], claimed: ['good', t`Paid out`], refunded: ['plain', t`Refunded`],
};

export function OrderBadge({ state }: { state: OrderState }): JSX.Element {
  const [tone, text] = orders[state];
  return <Badge tone={tone} testId="order-state" value={state}>{text}</Badge>;
}

const jobs: Record<JobState, [Tone, string]> = {
  none: ['plain', t`Unknown`], open: ['accent', t`Waiting for a worker`], claimed: ['accent', t`Training`], cancelled: ['warn', t`Cancelled`], submitted: ['accent', t`Being re-executed`],
  accepted: ['accent', t`Accepted, may be challenged`], rejected: ['warn', t`Rejected, may be appealed`],
  settled: ['good', t`Settled`], slashed: ['bad', t`Rejected`], refunded: ['plain', t`Refunded`],
};

export function JobBadge({ state }: { state: JobState }): JSX.Element {
  const [tone, text] = jobs[state];
  return <Badge tone={tone} testId="run-state" value={state}>{text}</Badge>;
}

const versions: Record<VersionStatus, [Tone, string, string]> = {
  none: ['plain', t`Unknown`, t`The node knows no version of it`],
  pending: ['warn', t`Awaiting validators`, t`Validators have not settled their round yet`],
  live: ['good', t`Live`, t`A quorum of its committee checked and accepted it`],
  refused: ['bad', t`Refused`, t`A quorum of its committee refused it`],
  revoked: ['bad', t`Revoked`, t`Stopped by its owner: no new orders`],
};

export function VersionBadge({ status }: { status: VersionStatus }): JSX.Element {
  const [tone, text, title] = versions[status];
  return <Badge tone={tone} title={title}>{text}</Badge>;
}

/** Everybody may read what is in it: its publisher told the key. */
export const OpenBadge = (): JSX.Element => <Badge tone="good" title="Its publisher told the key: everybody may read it, free and for ever" testId="open">Open</Badge>;

const reviews: Record<CurationStatus, [Tone, string, string]> = {
  none: ['plain', t`Unknown`, t`The node knows nothing of its review`],
  pending: ['plain', t`Not yet reviewed`, t`No curator has looked at it. It can be bought all the same`],
  live: ['good', t`Reviewed`, t`A curator approved it, or nobody objected in time`],
  suspended: ['bad', t`Suspended`, t`Curators stopped new orders, runs and offers. What was bought stays`],
};

export function CurationBadge({ curation }: { curation: CurationDto }): JSX.Element {
  const [tone, text, title] = reviews[curation.status];
  return <Badge tone={tone} title={title} testId="curation-status" value={curation.status}>{text}</Badge>;
}
