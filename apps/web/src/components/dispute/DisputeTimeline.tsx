import type { DisputeDto } from '@neurodata/protocol';
import type { JSX } from 'react';
import { When } from '../Amounts.tsx';
import { Stepper } from '../Stepper.tsx';
import { disputeSteps } from './disputeSteps.ts';

/** Where the last round stands, each stage with its moment or its deadline. */
export function DisputeTimeline({ dispute }: { dispute: DisputeDto }): JSX.Element {
  const { steps, done } = disputeSteps(dispute);
  return <Stepper done={done} steps={steps.map(({ name, at }) => ({ name, ...(at === undefined ? {} : { note: <When at={at} /> }) }))} />;
}
