import type { AssetDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { Link } from 'react-router';
import { assetQuery } from '../../queries/assets.ts';
import { Explain, Section } from '../Layout.tsx';
import { shorten } from '../Copy.tsx';
import { Empty } from '../Feedback.tsx';

/** What it was made from, and what was made from it. The chain recorded it when the model was published. */
export function Lineage({ asset }: { asset: AssetDto }): JSX.Element {
  if (!asset.lineage && asset.derived.length === 0) {
    return <Empty title="Nothing derived yet">When somebody trains on it and publishes the model, the model and its run will stand here.</Empty>;
  }
  return (
    <Section title="Lineage" aside={<span className="text-sm text-muted"><Explain text="A model can be published only by the buyer of a settled run; the registry writes down run and parent itself.">recorded by the chain, not declared</Explain></span>}>
      <div className="grid gap-4">
        {asset.lineage ? <FromParent asset={asset} lineage={asset.lineage} /> : asset.derived.map((model) => (
          <Chain key={model.assetId}>
            <Node kind="Dataset" name={asset.title} here />
            <Node kind="Run" name={shorten(model.jobId, 5)} to={`/runs/${model.jobId}`} mono />
            <Node kind="Model" name={model.title} to={`/models/${model.assetId}`} />
          </Chain>
        ))}
      </div>
    </Section>
  );
}

function FromParent({ asset, lineage }: { asset: AssetDto; lineage: NonNullable<AssetDto['lineage']> }): JSX.Element {
  const { data: parent } = useQuery(assetQuery(lineage.parentAssetId));
  return (
    <>
      <Chain>
        <Node kind={`Dataset, version ${lineage.parentVersion}`} name={parent?.title ?? `Asset ${lineage.parentAssetId}`} to={`/datasets/${lineage.parentAssetId}`} />
        <Node kind="Run" name={shorten(lineage.jobId, 5)} to={`/runs/${lineage.jobId}`} mono />
        <Node kind="Model" name={asset.title} here />
      </Chain>
      {lineage.shareBps > 0 && <p className="text-muted">{lineage.shareBps / 100} % of each sale of this model goes to the dataset’s owner, by contract.</p>}
    </>
  );
}

function Chain({ children }: { children: ReactNode[] }): JSX.Element {
  return (
    <ol className="flex flex-col items-stretch gap-2 sm:flex-row sm:items-center">
      {children.map((child, index) => (
        <li key={index} className="flex min-w-0 flex-1 flex-col items-center gap-2 sm:flex-row">
          {index > 0 && <ArrowRight size={16} className="shrink-0 rotate-90 text-muted sm:rotate-0" aria-hidden="true" />}
          {child}
        </li>
      ))}
    </ol>
  );
}

function Node({ kind, name, to, here = false, mono = false }: { kind: string; name: string; to?: string; here?: boolean; mono?: boolean }): JSX.Element {
  const body = <><span className="block text-xs text-muted">{kind}{here && ', this one'}</span><span className={`block truncate ${mono ? 'num' : 'font-medium'}`}>{name}</span></>;
  const look = `block w-full min-w-0 rounded-md border px-3 py-2 ${here ? 'border-accent bg-accent-soft' : 'border-line-strong/60'}`;
  return to ? <Link to={to} className={`${look} hover:border-line-strong`}>{body}</Link> : <span className={look}>{body}</span>;
}
