import type { AssetDto, AssetKind, ParentDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { Link } from 'react-router';
import { t } from '../../language/t.ts';
import { assetQuery } from '../../queries/assets.ts';
import { assetPath } from '../AssetCard.tsx';
import { Explain, Section } from '../Layout.tsx';
import { Empty } from '../Feedback.tsx';
import { WithdrawnParent } from './Withdrawn.tsx';

/** What it was made from, and what was made from it. Where a run made it, the chain recorded it; else its publisher declared it. */
export function Lineage({ asset }: { asset: AssetDto }): JSX.Element {
  if (asset.lineage.length === 0 && asset.derived.length === 0) {
    return <Empty title="Nothing derived yet">When somebody trains on it and publishes the model, the model and its run will stand here.</Empty>;
  }
  const declared = asset.lineage.some(({ kind }) => kind === 'declared');
  return (
    <Section title="Lineage" aside={<span className="text-sm text-muted">{declared ? <Explain text="Its publisher named the parents when it was published. Nobody has checked that.">declared by its publisher</Explain> : <Explain text="A model can be published only by the buyer of a settled run; the registry writes down run and parent itself.">recorded by the chain, not declared</Explain>}</span>}>
      <div className="grid gap-4">
        {asset.lineage.map((parent) => <FromParent key={`${parent.assetId}@${parent.version}`} asset={asset} parent={parent} />)}
        {asset.derived.map((child) => (
          <Chain key={child.assetId}>
            <Node kind={kinds[asset.kind]} name={asset.title} here />
            <Node kind={child.jobId ? t`Run` : t`Declared`} name={child.jobId ? t`Training and its receipt` : t`by its publisher`} {...(child.jobId ? { to: `/runs/${child.jobId}` } : {})} />
            <Node kind={kinds[child.kind]} name={child.title} to={assetPath(child)} />
          </Chain>
        ))}
      </div>
    </Section>
  );
}

const kinds: Record<AssetKind, string> = { dataset: t`Dataset`, model: t`Model`, algorithm: t`Algorithm` };

function FromParent({ asset, parent }: { asset: AssetDto; parent: ParentDto }): JSX.Element {
  const { data: known } = useQuery(assetQuery(parent.assetId));
  return (
    <div className="grid gap-2">
      <Chain>
        <Node kind={t`${kinds[known?.kind ?? 'dataset']}, version ${parent.version}`} name={parent.title} to={known ? assetPath(known) : `/datasets/${parent.assetId}`} />
        <Node kind={parent.kind === 'run' ? t`Run` : t`Declared`} name={parent.jobId ? t`Training and its receipt` : t`by its publisher`} {...(parent.jobId ? { to: `/runs/${parent.jobId}` } : {})} />
        <Node kind={kinds[asset.kind]} name={asset.title} here />
      </Chain>
      {parent.withdrawn && <WithdrawnParent parent={parent} />}
      {parent.shareBps > 0 && <p className="text-muted">{parent.shareBps / 100} % of each sale goes to the owner of “{parent.title}”, by contract, less what its own parents get of that.</p>}
    </div>
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

function Node({ kind, name, to, here = false }: { kind: string; name: string; to?: string; here?: boolean }): JSX.Element {
  const body = <><span className="block text-xs text-muted">{kind}{here && ', this one'}</span><span className="block truncate font-medium">{name}</span></>;
  const look = `block w-full min-w-0 rounded-md border px-3 py-2 ${here ? 'border-accent bg-accent-soft' : 'border-line-strong/60'}`;
  return to ? <Link to={to} className={`${look} hover:border-line-strong`}>{body}</Link> : <span className={look}>{body}</span>;
}
