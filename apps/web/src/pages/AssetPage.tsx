import { type AssetDto, CROISSANT_TYPE, NeuroError, croissantAddress } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { Tabs } from 'radix-ui';
import { type JSX, type ReactNode, useEffect, useRef } from 'react';
import { Link, Navigate, useLocation, useParams, useSearchParams } from 'react-router';
import { Account } from '../components/Account.tsx';
import { plural, When } from '../components/Amounts.tsx';
import { KindLabel, assetPath } from '../components/AssetCard.tsx';
import { Curation } from '../components/asset/Curation.tsx';
import { Columns } from '../components/asset/Columns.tsx';
import { KeyCustody } from '../components/asset/KeyCustody.tsx';
import { Leaderboard } from '../components/asset/Leaderboard.tsx';
import { Lineage } from '../components/asset/Lineage.tsx';
import { OfferPanel } from '../components/asset/OfferPanel.tsx';
import { Overview } from '../components/asset/Overview.tsx';
import { Reviews, meanText } from '../components/asset/Reviews.tsx';
import { RunList } from '../components/asset/RunList.tsx';
import { Versions } from '../components/asset/Versions.tsx';
import { ListButton } from '../components/lists/ListButton.tsx';
import { ReportButton } from '../components/trust/ReportButton.tsx';
import { ActivityList } from '../components/Evidence.tsx';
import { Failure, PageSkeleton } from '../components/Feedback.tsx';
import { CurationBadge, VersionBadge } from '../components/State.tsx';
import { jsonLd } from '../components/asset/jsonLd.ts';
import { assetQuery } from '../queries/assets.ts';
import { configQuery } from '../queries/chain.ts';
import { NotFound } from './NotFound.tsx';

/** A dataset's or model's page. */
export function AssetPage(): JSX.Element {
  const id = Number(useParams()['id']);
  const { pathname, search } = useLocation();
  const { data: asset, error, refetch } = useQuery(assetQuery(id));
  const { data: config } = useQuery(configQuery());
  if (!Number.isSafeInteger(id) || id < 1) return <NotFound />;
  if (error instanceof NeuroError && error.code === 'NOT_FOUND') return <NotFound />;
  if (error && !asset) return <Failure error={error} safe="Nothing was bought or changed." retry={() => void refetch()} />;
  if (!asset) return <PageSkeleton />;
  if (assetPath(asset) !== pathname) return <Navigate to={`${assetPath(asset)}${search}`} replace />;
  return (
    <>
      <title>{`${asset.title} · NeuroData`}</title>
      {/* Data, not a program: it runs nothing, and its text cannot end it. */}
      <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: jsonLd(asset, { url: `${location.origin}${pathname}`, chainId: config?.deployment.chainId }) }} />
      <link rel="alternate" type={CROISSANT_TYPE} href={croissantAddress({ assetId: asset.assetId, version: asset.latestVersion })} />
      <Title asset={asset} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_320px]">
        <OfferPanel asset={asset} />
        <AssetTabs asset={asset} />
      </div>
    </>
  );
}

function Title({ asset }: { asset: AssetDto }): JSX.Element {
  return (
    <div className="mb-6 grid gap-2">
      <div className="flex items-center gap-3"><KindLabel kind={asset.kind} /><VersionBadge status={asset.status} /><CurationBadge curation={asset.curation} /></div>
      <h1 className="text-2xl break-words sm:text-3xl">{asset.title}</h1>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-muted">
        <span className="flex items-center gap-1.5">by <Account address={asset.owner} /> <Link className="link text-sm" to={`/sellers/${asset.owner}`}>reputation</Link></span>
        <span>version {asset.latestVersion}, <When at={asset.publishedAt} /></span>
        {asset.kind === 'dataset' && <span>{plural(asset.runs, 'run')}</span>}
        <span>{plural(asset.orders, 'order')}</span>
        {asset.ratings.count > 0 && <span>{meanText(asset.ratings)} from {plural(asset.ratings.count, 'review')}</span>}
        <ListButton name="favourites" assetId={asset.assetId} title={asset.title} />
        <ListButton name="watched" assetId={asset.assetId} title={asset.title} />
        <ReportButton subject={`asset:${asset.assetId}`} what={asset.title} />
      </p>
      {asset.hidden !== undefined && <p className="max-w-[70ch] text-sm text-bad">This node shows it in no list: “{asset.hidden}” What was bought stays with its buyers.</p>}
      <Curation asset={asset} />
    </div>
  );
}

function tabsOf(asset: AssetDto): [string, string, ReactNode][] {
  return [
    ['overview', 'Overview', <Overview key="overview" asset={asset} />],
    ...(asset.kind === 'dataset' ? [['data', 'Data', <Columns key="data" asset={asset} />] as [string, string, ReactNode]] : []),
    ['versions', 'Versions', <Versions key="versions" asset={asset} />],
    ['keys', 'Keys', <KeyCustody key="keys" asset={asset} />],
    ['lineage', 'Lineage', <Lineage key="lineage" asset={asset} />],
    ...(asset.kind === 'dataset' ? [['leaderboard', 'Leaderboard', <Leaderboard key="leaderboard" asset={asset} />] as [string, string, ReactNode]] : []),
    ['runs', 'Runs', <RunList key="runs" asset={asset} />],
    ['reviews', 'Reviews', <Reviews key="reviews" asset={asset} />],
    ['activity', 'Activity', <div key="activity" className="panel min-w-0 p-4 sm:p-5"><ActivityList activity={asset.activity} /></div>],
  ];
}

function AssetTabs({ asset }: { asset: AssetDto }): JSX.Element {
  const [params, setParams] = useSearchParams();
  const tabs = tabsOf(asset);
  const chosen = tabs.find(([value]) => value === params.get('tab'))?.[0] ?? 'overview';
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const active = list.current?.querySelector<HTMLElement>(`[id$="-trigger-${chosen}"]`);
    // On a phone the tabs are wider than the page; only they move, sideways.
    if (list.current && active) list.current.scrollLeft = active.offsetLeft - list.current.offsetLeft - 16;
  }, [chosen]);
  return (
    <Tabs.Root value={chosen} onValueChange={(value) => setParams(value === 'overview' ? {} : { tab: value }, { replace: true })} className="min-w-0 lg:col-start-1 lg:row-start-1">
      <Tabs.List ref={list} aria-label="About this asset" className="mb-4 flex gap-1 overflow-x-auto border-b border-line">
        {tabs.map(([value, text]) => (
          <Tabs.Trigger key={value} value={value} className="-mb-px border-b-2 border-transparent px-3 py-2 whitespace-nowrap text-muted -outline-offset-2 hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text">{text}</Tabs.Trigger>
        ))}
      </Tabs.List>
      {tabs.map(([value, , content]) => <Tabs.Content key={value} value={value} tabIndex={-1} className="grid gap-6 outline-none">{content}</Tabs.Content>)}
    </Tabs.Root>
  );
}
