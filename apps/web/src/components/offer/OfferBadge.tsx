import type { OfferState } from '@neurodata/sdk';
import type { ComponentProps, JSX } from 'react';
import { t } from '../../language/t.ts';
import { Badge } from '../State.tsx';

type Tone = NonNullable<ComponentProps<typeof Badge>['tone']>;

const states: Record<OfferState, [Tone, string]> = {
  open: ['accent', t`Can be accepted`], accepted: ['good', t`Accepted`], cancelled: ['plain', t`Cancelled`], withdrawn: ['plain', t`Withdrawn with all others`], expired: ['plain', t`Expired`],
  'not-owner': ['warn', t`The asset has another owner`], 'not-live': ['warn', t`The version is not on sale`], 'not-signed': ['bad', t`Not signed by its seller`],
};

export function OfferBadge({ state }: { state: OfferState }): JSX.Element {
  const [tone, text] = states[state];
  return <Badge tone={tone} testId="offer-state" value={state}>{text}</Badge>;
}
