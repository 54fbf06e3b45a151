import { useMutation } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link, useNavigate } from 'react-router';
import { useWallet } from '../../client/wallet.ts';
import { useTestPurchaseMutation } from '../../queries/mutations.ts';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { useShell } from '../useShell.ts';

/** A purchase to try: the free sample, with everything that a purchase has but its price. */
export function TrySample({ assetId, sampleAssetId }: { assetId: number; sampleAssetId: number }): JSX.Element {
  const wallet = useWallet();
  const navigate = useNavigate();
  const { show } = useShell();
  const test = useMutation(useTestPurchaseMutation());
  const start = (): void => (wallet ? test.mutate(assetId, { onSuccess: ({ orderId }) => void navigate(`/orders/${orderId}`) }) : show('wallet'));
  return (
    <div className="grid gap-2 border-t border-line pt-4">
      <Button busy={test.isPending} onClick={start}>{test.isPending ? 'Buying the sample' : 'Try a sample for free'}</Button>
      <p className="text-sm text-muted">A free purchase of <Link className="link" to={`/assets/${sampleAssetId}`}>a few of its rows</Link>: you pay gas only, and see how buying goes.</p>
      {test.isError && <Failure error={test.error} safe="The sample costs nothing, so no money was at stake." />}
    </div>
  );
}
