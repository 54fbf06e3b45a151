import type { AssetDto, OrderDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { useWallet } from '../../client/wallet.ts';
import { jobQuery } from '../../queries/jobs.ts';
import { modelCheckQuery } from '../../queries/modelChecks.ts';
import { useUnseal } from '../../queries/vault.ts';
import { bytes } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Checks } from '../Evidence.tsx';
import { Failure, Progress } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { PredictPanel } from '../PredictPanel.tsx';
import { runOf } from './offers.ts';

/** How to use a model: those of the engine predict in this browser, ONNX files elsewhere. */
export function ModelUse({ asset, order }: { asset: AssetDto; order: OrderDto | undefined }): JSX.Element | null {
  const uploaded = runOf(asset) === undefined;
  const { data: check, isError } = useQuery({ ...modelCheckQuery(asset.assetId, asset.latestVersion), enabled: uploaded });
  // Nobody is shown a way to predict that their model does not have.
  if (uploaded && !check && !isError) return null;
  if (check && check.state !== 'other') return null;
  return <Predicting asset={asset} order={order} />;
}

function Predicting({ asset, order }: { asset: AssetDto; order: OrderDto | undefined }): JSX.Element {
  const { unseal: open, progress } = useUnseal();
  return (
    <Section title="Predict" aside={<span className="text-sm text-muted">in your browser; rows are sent nowhere</span>}>
      {!order && <NotHeld asset={asset} />}
      {order && !open.data && !open.isPending && (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p>You own version {order.version} of {asset.title}. Unseal it here to predict.</p>
          <Button look="primary" onClick={() => open.mutate(order)}>Open model</Button>
        </div>
      )}
      {open.isPending && <Progress label={progress?.stage === 'unsealing' ? `Unsealing ${bytes(progress.total ?? 0)}` : 'Opening the key from the chain'} value={progress?.total ? progress.done / progress.total : undefined} />}
      {open.isError && <div className="mt-4"><Failure error={open.error} safe="Your order is as it was." retry={() => order && open.mutate(order)} /></div>}
      {open.data && (
        <div className="grid gap-5">
          <details><summary className="text-muted">{open.data.checks.length} checks passed while unsealing</summary><div className="mt-3"><Checks label="Checks" checks={open.data.checks} /></div></details>
          <PredictPanel model={open.data.file} />
        </div>
      )}
    </Section>
  );
}

function NotHeld({ asset }: { asset: AssetDto }): JSX.Element {
  const wallet = useWallet();
  const { data: job } = useQuery({ ...jobQuery(runOf(asset) ?? '0x'), enabled: runOf(asset) !== undefined });
  if (wallet && job?.buyer.toLowerCase() === wallet.address.toLowerCase()) return <p className="text-muted">You trained this model. <Link className="link" to={`/runs/${job.jobId}`}>Open it on its run’s page</Link> to predict.</p>;
  return <p className="text-muted">Buy the model, then paste or drop rows here and get its predictions.</p>;
}
