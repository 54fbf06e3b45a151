import type { AssetDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, type ReactNode, Suspense } from 'react';
import { Link } from 'react-router';
import { useWallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { findHeldOrder, ordersQuery } from '../../queries/orders.ts';
import { bytes, count } from '../Amounts.tsx';
import { roundSentence } from '../roundSentence.ts';
import { StatusMark } from '../StatusMark.tsx';
import { Skeleton } from '../Feedback.tsx';
import { Facts, Section } from '../Layout.tsx';
import { lazyPart } from '../lazyPart.ts';
import { useSeen } from '../useSeen.ts';
import { runOf } from './offers.ts';

const ModelCard = lazyPart(() => import('./ModelCard.tsx'), 'ModelCard');
const ModelTest = lazyPart(() => import('./ModelTest.tsx'), 'ModelTest');
const Checked = lazyPart(() => import('./Checked.tsx'), 'Checked');
const HowToUse = lazyPart(() => import('./HowToUse.tsx'), 'HowToUse');
const OfferedTerms = lazyPart(() => import('./OfferedTerms.tsx'), 'OfferedTerms');
const Similar = lazyPart(() => import('./Similar.tsx'), 'Similar');
const ModelUse = lazyPart(() => import('./ModelUse.tsx'), 'ModelUse');

/** What it is, on which terms, who checked it, and how to use it. */
export function Overview({ asset }: { asset: AssetDto }): JSX.Element {
  const wallet = useWallet();
  const orders = useQuery({ ...ordersQuery({ buyer: wallet?.address, assetId: asset.assetId }), enabled: wallet !== undefined });
  const held = wallet ? findHeldOrder(orders.data) : undefined;
  const newest = asset.versions.find(({ version }) => version === asset.latestVersion);
  return (
    <>
      {asset.kind === 'model' && <Suspense fallback={<Skeleton className="h-28" />}><ModelUse asset={asset} order={held} /></Suspense>}
      <Section title="About">
        <p className="max-w-[72ch] text-lg whitespace-pre-line">{asset.description}</p>
        {asset.tags.length > 0 && <p className="mt-4 flex flex-wrap gap-1.5">{asset.tags.map((tag) => <span key={tag} className="rounded-full border border-line px-2 py-0.5 text-sm text-muted">{tag}</span>)}</p>}
        <div className="mt-5 border-t border-line pt-5">
          <Facts facts={[
            ['Licence', <Source key="license" text={asset.license} />],
            ['Rows', asset.rows === undefined ? undefined : <span key="rows" className="num">{count(asset.rows)}</span>],
            ['Columns', asset.columns === undefined ? undefined : <span key="columns" className="num">{count(asset.columns)}</span>],
            ['Sealed size', asset.sealedSize === undefined ? undefined : bytes(asset.sealedSize)],
            ['Source', asset.source && <Source key="source" text={asset.source} />],
            ['Checked', newest?.round && <span key="checked" className="inline-flex gap-1.5">{newest.round.settled && newest.round.verdict === 'accept' && <StatusMark status="passed" />}<Link className="underline decoration-line-strong underline-offset-3 hover:text-accent" to="?tab=versions">{roundSentence(newest.round)}</Link></span>],
          ]} />
        </div>
      </Section>
      {asset.kind === 'model' && runOf(asset) === undefined && <Suspense fallback={<Skeleton className="h-64" />}><ModelTest asset={asset} /></Suspense>}
      {asset.kind === 'model' && runOf(asset) !== undefined && <Suspense fallback={<Skeleton className="h-64" />}><ModelCard asset={asset} /></Suspense>}
      {asset.kind === 'dataset' && newest && <WhenSeen title={t`What validators checked`}><Checked asset={asset} newest={newest} /></WhenSeen>}
      <WhenSeen title={t`Terms`}><OfferedTerms asset={asset} newest={newest} /></WhenSeen>
      <WhenSeen title={t`How to use it`}><HowToUse asset={asset} /></WhenSeen>
      <WhenSeen title={t`Similar`}><Similar assetId={asset.assetId} /></WhenSeen>
    </>
  );
}

/** What is below the first screen is asked for once somebody has come so far. */
function WhenSeen({ title, children }: { title: string; children: ReactNode }): JSX.Element {
  const [place, seen] = useSeen<HTMLDivElement>();
  return <Section title={title}><div ref={place} className="min-h-40">{seen && <Suspense fallback={<Skeleton className="h-40" />}>{children}</Suspense>}</div></Section>;
}

function Source({ text }: { text: string }): JSX.Element {
  if (!/^https?:\/\//.test(text)) return <>{text}</>;
  return <a className="link break-all" href={text} rel="noreferrer noopener" target="_blank">{text}</a>;
}
