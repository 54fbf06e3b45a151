import { type RoundOutcome, roundSubject } from '@neurodata/protocol';
import type { ValidatorRound } from '@neurodata/sdk';
import { useQuery } from '@tanstack/react-query';
import type { ComponentProps, JSX } from 'react';
import { Link } from 'react-router';
import { Said } from '../../language/Said.tsx';
import { t } from '../../language/t.ts';
import { assetQuery } from '../../queries/assets.ts';
import { assetPath } from '../AssetCard.tsx';
import { Money, When, count } from '../Amounts.tsx';
import { Hash } from '../Copy.tsx';
import { Badge } from '../State.tsx';

const badges: Record<RoundOutcome, [NonNullable<ComponentProps<typeof Badge>['tone']>, string]> = {
  'to-commit': ['warn', t`To commit`], 'to-reveal': ['warn', t`To reveal`], committed: ['accent', t`Committed`], revealed: ['accent', t`Revealed`],
  'missed-commit': ['bad', t`Missed the commitment`], 'missed-reveal': ['bad', t`Missed the reveal`], 'to-settle': ['accent', t`To be settled`],
  contestable: ['accent', t`May be challenged`], contested: ['warn', t`Challenged`],
  paid: ['good', t`Paid`], 'paid-after-challenge': ['good', t`Paid after a challenge`], 'no-fee': ['plain', t`Right, no fee`],
  'never-committed': ['bad', t`Silent`], 'never-revealed': ['bad', t`Not revealed`], 'no-quorum': ['plain', t`No quorum`], minority: ['bad', t`In the minority`],
  overruled: ['bad', t`Overruled`], overturned: ['warn', t`Overturned`], accused: ['bad', t`Accused of copying`],
};

/** One round of a validator: what it was to it, what about, the money, and why. */
export function RoundItem({ round }: { round: ValidatorRound }): JSX.Element {
  const { outcome, roundId, block, sentence, deadline } = round;
  const [tone, text] = badges[outcome];
  return (
    <li className="grid gap-1 border-t border-line py-3 first:border-t-0 first:pt-0 last:pb-0">
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={tone} testId="round-outcome" value={outcome}>{text}</Badge>
        <Subject round={round} />
        {deadline !== undefined && <span className="text-sm">deadline <When at={deadline} /></span>}
        <span className="ml-auto"><Stakes round={round} /></span>
      </span>
      <p className="max-w-[72ch]"><Said text={sentence} /></p>
      <p className="flex flex-wrap items-center gap-x-3 text-sm text-muted"><span>Round <Hash value={roundId} label="round" /></span><span>drawn in block <span className="num">{count(block)}</span></span></p>
    </li>
  );
}

function Subject({ round }: { round: ValidatorRound }): JSX.Element {
  const about = roundSubject(round);
  if (about.noun === 'asset') return <Version {...about} />;
  if (about.noun === 'grant') return <Link className="link" to={`/validators/${about.validatorId}`}>A key share that validator {about.validatorId} granted</Link>;
  if (about.noun === 'order') return <Link className="link" to={`/orders/${about.id}`}>A disputed order</Link>;
  return <Link className="link" to={`/runs/${about.id}`}>{round.kind === 'step' ? 'A step of a run' : round.judgesRun ? 'A run' : 'A run, on appeal'}</Link>;
}

function Version({ assetId, version }: { assetId: number; version: number }): JSX.Element {
  const { data: asset } = useQuery(assetQuery(assetId));
  if (!asset) return <Link className="link" to={`/datasets/${assetId}`}>Version {version} of asset {assetId}</Link>;
  return <Link className="link min-w-0 break-words" to={assetPath(asset)}>Version {version} of “{asset.title}”</Link>;
}

function Stakes({ round: { reward = 0n, slash, risk } }: { round: ValidatorRound }): JSX.Element | undefined {
  if (reward > 0n) return <span className="text-good">+<Money amount={reward} /></span>;
  if (slash) return <span className="text-bad">−<Money amount={slash.amount} /></span>;
  return risk > 0n ? <span className="text-sm text-muted">at most −<Money amount={risk} /></span> : undefined;
}
