import type { OrderDto, Purpose } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { useStatePurposeMutation } from '../../queries/terms.ts';
import { Section } from '../Layout.tsx';
import { PurposeChoice, usePurposeNeeded } from '../PurposeChoice.tsx';
import { Act } from './Act.tsx';

/** Of an order that waits for its key: its purpose, to be signed again where validators do not have it. */
export function PurposePanel({ order }: { order: OrderDto }): JSX.Element | null {
  const { orderId: proofId, assetId, version } = order;
  const needed = usePurposeNeeded(assetId, version);
  const [purpose, setPurpose] = useState<Purpose>();
  const state = useMutation(useStatePurposeMutation());
  if (!needed) return null;
  return (
    <Section title="Purpose">
      <p className="text-muted">{state.isSuccess ? `Validators ${state.data.kept.join(', ')} know what it is for.` : 'Validators grant this key once they know what it is for. If you signed a purpose when you bought it, they know; signing the same again does no harm.'}</p>
      <PurposeChoice assetId={assetId} version={version} purpose={purpose} onChange={setPurpose} />
      {purpose && !state.isSuccess && <Act text="Sign the purpose" look="secondary" mutation={state} run={() => state.mutate({ proofId, assetId, version, purpose })} />}
    </Section>
  );
}
