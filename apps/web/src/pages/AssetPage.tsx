import { type AssetDto, CROISSANT_TYPE, NeuroError, croissantAddress } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, type ReactNode, Suspense, useDeferredValue, useState } from 'react';
import { Link, Navigate, useLocation, useParams, useSearchParams } from 'react-router';
import { nodeUrl } from '../client/nodeUrl.ts';
import { useWallet } from '../client/wallet.ts';
import { Account } from '../components/Account.tsx';
import { plural, When } from '../components/Amounts.tsx';
import { KindLabel, assetPath } from '../components/AssetCard.tsx';
import { Curation } from '../components/asset/Curation.tsx';
import { OfferPanel } from '../components/asset/OfferPanel.tsx';
import { Overview } from '../components/asset/Overview.tsx';
import { meanText } from '../components/asset/meanText.ts';
import { CollectButton } from '../components/collections/CollectButton.tsx';
import { ListButton } from '../components/lists/ListButton.tsx';
import { ReportButton } from '../components/trust/ReportButton.tsx';
import { Failure, PageSkeleton, Skeleton } from '../components/Feedback.tsx';
import { lazyPart } from '../components/lazyPart.ts';
import { CurationBadge, OpenBadge, VersionBadge } from '../components/State.tsx';
import { type Tab, Tabs } from '../components/Tabs.tsx';
import { useDescription } from '../components/useDescription.ts';
import { jsonLd } from '../components/asset/jsonLd.ts';
import { t } from '../language/t.ts';
import { assetQuery } from '../queries/assets.ts';
import { configQuery } from '../queries/chain.ts';
import { NotFound } from './NotFound.tsx';

const Columns = lazyPart(() => import('../components/asset/Columns.tsx'), 'Columns');
const Versions = lazyPart(() => import('../components/asset/Versions.tsx'), 'Versions');
const KeyCustody = lazyPart(() => import('../components/asset/KeyCustody.tsx'), 'KeyCustody');
const Lineage = lazyPart(() => import('../components/asset/Lineage.tsx'), 'Lineage');
const Leaderboard = lazyPart(() => import('../components/asset/Leaderboard.tsx'), 'Leaderboard');
const RunList = lazyPart(() => import('../components/asset/RunList.tsx'), 'RunList');
const Reviews = lazyPart(() => import('../components/asset/Reviews.tsx'), 'Reviews');
const OwnerTab = lazyPart(() => import('../components/asset/OwnerTab.tsx'), 'OwnerTab');
const ActivityList = lazyPart(() => import('../components/Activity.tsx'), 'ActivityList');

/** A dataset's or model's page. */
export function AssetPage(): JSX.Element {
  const id = Number(useParams()['id']);
  const { pathname, search } = useLocation();
  const { data, error, refetch } = useQuery(assetQuery(id));
  // Much to draw: in pieces, between which the page hears its reader.
  const asset = useDeferredValue(data);
  const { data: config } = useQuery(configQuery());
  useDescription(asset?.summary || asset?.title);
  if (!Number.isSafeInteger(id) || id < 1) return <NotFound />;
  if (error instanceof NeuroError && error.code === 'NOT_FOUND') return <NotFound />;
  if (error && !asset) return <Failure error={error} safe="Nothing was bought or changed." retry={() => void refetch()} />;
  if (!asset) return <PageSkeleton />;
  if (assetPath(asset) !== pathname) return <Navigate to={`${assetPath(asset)}${search}`} replace />;
  return (
    <>
      <title>{`${asset.title} · NeuroData`}</title>
      <link rel="canonical" href={`${nodeUrl}${pathname}`} />
      {/* Data, not a program: it runs nothing, and its text cannot end it. */}
      <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: jsonLd(asset, { url: `${nodeUrl}${pathname}`, chainId: config?.deployment.chainId }) }} />
      <link rel="alternate" type={CROISSANT_TYPE} href={`${nodeUrl}${croissantAddress({ assetId: asset.assetId, version: asset.latestVersion })}`} />
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
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1"><KindLabel kind={asset.kind} /><VersionBadge status={asset.status} />{asset.open && <OpenBadge />}<CurationBadge curation={asset.curation} /></div>
      <h1 className="text-2xl break-words sm:text-3xl">{asset.title}</h1>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-muted">
        {/* A line of its own on a phone: the name comes after the address, and is shorter. */}
        <span className="flex basis-full items-center gap-1.5 sm:basis-auto">by <Account address={asset.owner} /> <Link className="link text-sm" to={`/sellers/${asset.owner}`}>reputation</Link></span>
        <span>version {asset.latestVersion}, <When at={asset.publishedAt} /></span>
        {asset.kind === 'dataset' && <span>{plural(asset.runs, 'run')}</span>}
        <span>{plural(asset.orders, 'order')}</span>
        {asset.ratings.count > 0 && <span>{meanText(asset.ratings)} from {plural(asset.ratings.count, 'review')}</span>}
        <span className="flex basis-full flex-wrap items-center gap-x-4 gap-y-1 sm:basis-auto">
          <ListButton name="favourites" assetId={asset.assetId} title={asset.title} />
          <ListButton name="watched" assetId={asset.assetId} title={asset.title} />
          <CollectButton assetId={asset.assetId} title={asset.title} />
          <ReportButton subject={`asset:${asset.assetId}`} what={asset.title} />
        </span>
      </p>
      {asset.hidden !== undefined && <p className="max-w-[70ch] text-sm text-bad">This node shows it in no list: “{asset.hidden}” What was bought stays with its buyers.</p>}
      <Curation asset={asset} />
    </div>
  );
}

function tabsOf(asset: AssetDto, isOwner: boolean): Tab[] {
  const tabs: [value: string, name: string, content: ReactNode, ofDatasets?: true][] = [
    ['overview', t`Overview`, <Overview key="overview" asset={asset} />],
    ['data', t`Data`, <Columns key="data" asset={asset} />, true],
    ['versions', t`Versions`, <Versions key="versions" asset={asset} />],
    ['keys', t`Keys`, <KeyCustody key="keys" asset={asset} />],
    ['lineage', t`Lineage`, <Lineage key="lineage" asset={asset} />],
    ['leaderboard', t`Leaderboard`, <Leaderboard key="leaderboard" asset={asset} />, true],
    ['runs', t`Runs`, <RunList key="runs" asset={asset} />],
    ['reviews', t`Reviews`, <Reviews key="reviews" asset={asset} />],
    ['activity', t`Activity`, <div key="activity" className="panel min-w-0 p-4 sm:p-5"><ActivityList activity={asset.activity} /></div>],
    ...(isOwner ? [['owner', t`Yours`, <OwnerTab key="owner" asset={asset} />] satisfies [string, string, ReactNode]] : []),
  ];
  const suspended = (content: ReactNode): ReactNode => <Suspense fallback={<Skeleton className="h-80 rounded-lg" />}>{content}</Suspense>;
  return tabs.filter(([, , , ofDatasets]) => !ofDatasets || asset.kind === 'dataset').map(([value, name, content]) => ({ name, value, content: suspended(content) }));
}

const tabLook = {
  root: 'min-w-0 lg:col-start-1 lg:row-start-1',
  list: 'mb-4 flex gap-1 overflow-x-auto border-b border-line',
  tab: '-mb-px border-b-2 border-transparent px-3 py-2 whitespace-nowrap text-muted -outline-offset-2 hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text',
  panel: 'grid gap-6',
};

function AssetTabs({ asset }: { asset: AssetDto }): JSX.Element {
  const [params, setParams] = useSearchParams();
  const wallet = useWallet();
  const own = wallet?.address.toLowerCase() === asset.owner.toLowerCase() ? wallet.address : undefined;
  const [owned, setOwned] = useState(own);
  // Whoever has just given it away still reads that it is done.
  if (own !== undefined && own !== owned) setOwned(own);
  const tabs = tabsOf(asset, own !== undefined || (owned !== undefined && owned === wallet?.address));
  const chosen = tabs.find(({ value }) => value === params.get('tab'))?.value ?? 'overview';
  return <Tabs label="About this asset" tabs={tabs} chosen={chosen} onChoose={(value) => setParams(value === 'overview' ? {} : { tab: value }, { replace: true })} look={tabLook} />;
}
