import { type AssetKind, assetKinds } from '@neurodata/protocol';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useSearchParams } from 'react-router';
import { AssetCard } from '../components/AssetCard.tsx';
import { count, Money, plural } from '../components/Amounts.tsx';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { type AssetFilter, type AssetSort, assetsQuery } from '../queries/assets.ts';
import { statsQuery } from '../queries/chain.ts';

const sorts: [AssetSort, string][] = [['newest', 'Newest'], ['popular', 'Most used'], ['price', 'Lowest price']];
const kinds: [AssetKind | 'all', string][] = [['all', 'All'], ['dataset', 'Datasets'], ['model', 'Models']];

function readFilter(params: URLSearchParams): AssetFilter {
  const [q, kind, sort] = [params.get('q'), assetKinds.find((name) => name === params.get('kind')), sorts.find(([name]) => name === params.get('sort'))?.[0]];
  return { ...(q ? { q } : {}), ...(kind ? { kind } : {}), ...(sort ? { sort } : {}) };
}

/** The front page: search, filter, and everything on offer. */
export function Discover(): JSX.Element {
  const [params, setParams] = useSearchParams();
  const filter = readFilter(params);
  const assets = useInfiniteQuery({ ...assetsQuery(filter), placeholderData: (old) => old });
  const items = assets.data?.pages.flatMap((page) => page.items) ?? [];
  const set = (name: string, value: string | undefined): void => {
    const next = new URLSearchParams(params);
    if (value) next.set(name, value);
    else next.delete(name);
    setParams(next, { replace: true });
  };
  return (
    <>
      <title>NeuroData</title>
      <Heading query={filter.q} />
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <div role="group" aria-label="Kind" className="flex gap-1 rounded-md border border-line bg-surface p-0.5">
          {kinds.map(([kind, text]) => (
            <button key={kind} type="button" aria-pressed={(filter.kind ?? 'all') === kind} onClick={() => set('kind', kind === 'all' ? undefined : kind)} className="h-8 rounded-sm px-3 text-muted aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent">{text}</button>
          ))}
        </div>
        <label className="flex items-center gap-2 text-muted">Sort
          <select value={filter.sort ?? 'newest'} onChange={(event) => set('sort', event.target.value === 'newest' ? undefined : event.target.value)} className="field w-auto">
            {sorts.map(([sort, text]) => <option key={sort} value={sort}>{text}</option>)}
          </select>
        </label>
      </div>
      {assets.isError && <Failure error={assets.error} safe="Nothing was changed." retry={() => void assets.refetch()} />}
      {assets.isPending && <CardSkeletons />}
      {assets.isSuccess && items.length === 0 && <Nothing filter={filter} onClear={() => setParams({}, { replace: true })} />}
      {items.length > 0 && <ul aria-label="Assets" aria-busy={assets.isPlaceholderData} className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">{items.map((asset) => <li key={asset.assetId} className="grid min-w-0">{<AssetCard asset={asset} />}</li>)}</ul>}
      {assets.hasNextPage && <div className="mt-6 text-center"><Button busy={assets.isFetchingNextPage} onClick={() => void assets.fetchNextPage()}>Show more</Button></div>}
    </>
  );
}

function Heading({ query }: { query: string | undefined }): JSX.Element {
  const { data: stats } = useQuery(statsQuery());
  if (query) return <h1 className="mb-6 text-2xl break-words">Results for “{query}”</h1>;
  return (
    <div className="mb-8 grid gap-2 sm:pt-4">
      <h1 className="max-w-[24ch] text-2xl sm:text-3xl">Datasets and models that you can check yourself</h1>
      <p className="max-w-[72ch] text-lg text-muted">Rows stay sealed until you buy them. Every training run can be done again to the same bit, here in your browser.</p>
      <p className="min-h-5 text-sm text-muted">
        {stats && <>{plural(stats.assets, 'asset')}, {plural(stats.orders, 'order')}, {plural(stats.jobs, 'run')}, {count(stats.validators)} validators, <Money amount={stats.inEscrow} /> in escrow</>}
      </p>
    </div>
  );
}

function Nothing({ filter, onClear }: { filter: AssetFilter; onClear: () => void }): JSX.Element {
  if (filter.q ?? filter.kind) {
    return <Empty title="Nothing matches" action={<Button onClick={onClear}>Clear search and filters</Button>}>{filter.q ? `No title, description or tag has “${filter.q}”. Try fewer or other words.` : 'Nothing of this kind has been published yet.'}</Empty>;
  }
  return <Empty title="Nothing published yet" action={<ButtonLink to="/publish">Publish a dataset</ButtonLink>}>Datasets and models will appear here as soon as they are on chain.</Empty>;
}

function CardSkeletons(): JSX.Element {
  return <div role="status" aria-label="Loading assets" className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">{Array.from({ length: 6 }, (_, index) => <Skeleton key={index} className="h-56 rounded-lg" />)}</div>;
}
