import type { CurationDto, CurationStatus, JobState, OrderState, VersionStatus } from '@neurodata/protocol';
import type { JSX, ReactNode } from 'react';

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
  none: ['plain', 'Unknown'], open: ['accent', 'Waiting for the key'], granted: ['warn', 'Key granted'], disputed: ['warn', 'Disputed'],
  released: ['good', 'Money released'], claimed: ['good', 'Paid out'], refunded: ['plain', 'Refunded'],
};

export function OrderBadge({ state }: { state: OrderState }): JSX.Element {
  const [tone, text] = orders[state];
  return <Badge tone={tone} testId="order-state" value={state}>{text}</Badge>;
}

const jobs: Record<JobState, [Tone, string]> = {
  none: ['plain', 'Unknown'], open: ['accent', 'Waiting for a worker'], claimed: ['accent', 'Training'], cancelled: ['warn', 'Cancelled'], submitted: ['accent', 'Being re-executed'],
  accepted: ['accent', 'Accepted, may be challenged'], rejected: ['warn', 'Rejected, may be appealed'],
  settled: ['good', 'Settled'], slashed: ['bad', 'Rejected'], refunded: ['plain', 'Refunded'],
};

export function JobBadge({ state }: { state: JobState }): JSX.Element {
  const [tone, text] = jobs[state];
  return <Badge tone={tone} testId="run-state" value={state}>{text}</Badge>;
}

const versions: Record<VersionStatus, [Tone, string, string]> = {
  none: ['plain', 'Unknown', 'The node knows no version of it'],
  pending: ['warn', 'Awaiting validators', 'Validators have not settled their round yet'],
  live: ['good', 'Live', 'A quorum of its committee checked and accepted it'],
  refused: ['bad', 'Refused', 'A quorum of its committee refused it'],
  revoked: ['bad', 'Revoked', 'Stopped by its owner: no new orders'],
};

export function VersionBadge({ status }: { status: VersionStatus }): JSX.Element {
  const [tone, text, title] = versions[status];
  return <Badge tone={tone} title={title}>{text}</Badge>;
}

const reviews: Record<CurationStatus, [Tone, string, string]> = {
  none: ['plain', 'Unknown', 'The node knows nothing of its review'],
  pending: ['plain', 'Not yet reviewed', 'No curator has looked at it. It can be bought all the same'],
  live: ['good', 'Reviewed', 'A curator approved it, or nobody objected in time'],
  suspended: ['bad', 'Suspended', 'Curators stopped new orders, runs and offers. What was bought stays'],
};

export function CurationBadge({ curation }: { curation: CurationDto }): JSX.Element {
  const [tone, text, title] = reviews[curation.status];
  return <Badge tone={tone} title={title} testId="curation-status" value={curation.status}>{text}</Badge>;
}
