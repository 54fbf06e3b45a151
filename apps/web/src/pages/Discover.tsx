import { type AssetKind, type FacetName, type Featured, type Recommendations, type SearchSort, searchQuerySchema } from '@neurodata/protocol';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type JSX, type ReactNode, Suspense, useDeferredValue } from 'react';
import { Link, useSearchParams } from 'react-router';
import { nodeUrl } from '../client/nodeUrl.ts';
import { useSignedIn } from '../client/session.ts';
import { useWallet, useWalletPending } from '../client/wallet.ts';
import { AssetCard, assetPath } from '../components/AssetCard.tsx';
import { count, Money, plural } from '../components/Amounts.tsx';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { lazyPart } from '../components/lazyPart.ts';
import { SearchFilters } from '../components/SearchFilters.tsx';
import { t } from '../language/t.ts';
import { statsQuery } from '../queries/chain.ts';
import { userRecommendationsQuery } from '../queries/lists.ts';
import { type SearchWish, featuredQuery, filterNames, recommendationsQuery, searchQuery } from '../queries/search.ts';

const SaveSearch = lazyPart(() => import('../components/lists/SaveSearch.tsx'), 'SaveSearch');

const sorts: [SearchSort, string][] = [['newest', t`Newest`], ['popular', t`Most used`], ['trending', t`Trending`], ['price', t`Lowest price`], ['rows', t`Most rows`], ['rating', t`Best rated`]];
const kinds: [AssetKind | 'all', string][] = [['all', t`All`], ['dataset', t`Datasets`], ['model', t`Models`]];
const fromAddress = searchQuerySchema.pick({ q: true, kind: true, sort: true, category: true, license: true, price: true, size: true, rows: true, task: true, quality: true, verified: true, tag: true });

/** What the address asks for; what it says wrongly is left out. */
function readWish(params: URLSearchParams): SearchWish {
  return Object.fromEntries([...params].flatMap(([name, value]) => {
    const read = fromAddress.safeParse({ [name]: value });
    return value !== '' && read.success ? Object.entries(read.data) : [];
  }));
}

/** The front page: search, filter, and everything on offer. */
export function Discover(): JSX.Element {
  const [params, setParams] = useSearchParams();
  const wish = readWish(params);
  const assets = useInfiniteQuery({ ...searchQuery(wish), placeholderData: (old) => old });
  // Many cards: drawn in pieces, between which the page hears what is typed.
  const data = useDeferredValue(assets.data);
  const [first] = data?.pages ?? [];
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const usual = wish.q ? 'relevance' : 'newest';
  const filtered = wish.kind !== undefined || filterNames.some((name) => wish[name] !== undefined);
  const recommended = useForYou();
  const isFront = !wish.q && !filtered;
  const featured = useQuery({ ...featuredQuery(), enabled: isFront, retry: false });
  // All come at once, so that none pushes another down.
  const waiting = assets.isPending || (assets.data !== undefined && data === undefined) || (isFront && (recommended.pending || featured.isLoading));
  const set = (name: string, value: string | undefined): void => {
    const next = new URLSearchParams(params);
    if (value) next.set(name, value);
    else next.delete(name);
    setParams(next, { replace: true });
  };
  return (
    <>
      <title>NeuroData: datasets and models that you can check yourself</title>
      <link rel="canonical" href={`${nodeUrl}/`} />
      <Heading query={wish.q} />
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <div role="group" aria-label="Kind" className="flex gap-1 rounded-md border border-line bg-surface p-0.5">
          {kinds.map(([kind, text]) => (
            <button key={kind} type="button" aria-pressed={(wish.kind?.[0] ?? 'all') === kind} onClick={() => set('kind', kind === 'all' ? undefined : kind)} className="h-8 rounded-sm px-3 text-muted aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent">{text}</button>
          ))}
        </div>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          {(wish.q !== undefined || filtered) && first && <span role="status" className="text-sm text-muted tabular-nums">{first.total.relation === 'atLeast' ? `at least ${plural(first.total.count, 'result')}` : plural(first.total.count, 'result')}</span>}
          {(wish.q !== undefined || filtered) && <Suspense fallback={null}><SaveSearch params={params} name={[wish.q, ...filterNames.flatMap((name) => wish[name] ?? []), ...(wish.kind ?? [])].filter((word) => word !== undefined).join(', ')} /></Suspense>}
          <label className="flex items-center gap-2 text-muted">Sort
            <select value={wish.sort ?? usual} onChange={(event) => set('sort', event.target.value === usual ? undefined : event.target.value)} className="field w-auto">
              {wish.q && <option value="relevance">Best match</option>}
              {sorts.map(([sort, text]) => <option key={sort} value={sort}>{text}</option>)}
            </select>
          </label>
        </div>
      </div>
      <SearchFilters facets={first?.facets} chosen={wish} onChange={(name: FacetName, values) => set(name, values.join(','))} />
      {first && first.corrections.length > 0 && <p className="mb-4 text-muted">Nothing has {first.corrections.map(({ typed }) => `“${typed}”`).join(', ')}; these have {first.corrections.map(({ used }) => `“${used}”`).join(', ')}.</p>}
      {assets.isError && <Failure error={assets.error} safe="Nothing was changed." retry={() => void assets.refetch()} />}
      {waiting && <CardSkeletons />}
      {!waiting && isFront && <Chosen featured={featured.data ?? []} forYou={recommended.entries} />}
      {assets.isSuccess && data === assets.data && items.length === 0 && <Nothing query={wish.q} filtered={filtered} onClear={() => setParams({}, { replace: true })} />}
      {!waiting && items.length > 0 && <ul aria-label="Assets" aria-busy={assets.isPlaceholderData} className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">{items.map((asset) => <li key={asset.assetId} className="card-slot grid min-w-0">{<AssetCard asset={asset} />}</li>)}</ul>}
      {assets.hasNextPage && <div className="mt-6 text-center"><Button busy={assets.isFetchingNextPage} onClick={() => void assets.fetchNextPage()}>Show more</Button></div>}
    </>
  );
}

const because = { bought: t`you bought`, ran: t`you trained on`, favourite: t`you like`, trending: '' } as const;

type Entry = Recommendations['items'][number];

/** What may interest whoever is signed in, else the wallet that acts here, and why. */
function useForYou(): { entries: Entry[]; pending: boolean } {
  const walletPending = useWalletPending();
  const byWallet = useQuery({ ...recommendationsQuery(useWallet()?.address), retry: false });
  const byUser = useQuery({ ...userRecommendationsQuery(useSignedIn()), retry: false });
  return { entries: byUser.data?.length ? byUser.data : (byWallet.data ?? []), pending: walletPending || byWallet.isLoading || byUser.isLoading };
}

const FEATURED_SHOWN = 3;

/** What curators and what the reader's own history put first, side by side where there is room. */
function Chosen({ featured, forYou }: { featured: Featured['items']; forYou: Entry[] }): JSX.Element | null {
  if (featured.length + forYou.length === 0) return null;
  return (
    <div className="mb-6 grid auto-cols-fr gap-4 lg:grid-flow-col">
      {featured.length > 0 && <Few title={t`Featured`} aside={<Link className="link text-sm" to="/collections">Collections</Link>}>{featured.slice(0, FEATURED_SHOWN).map(({ asset, note }) => <Line key={asset.assetId} asset={asset}>{note}</Line>)}</Few>}
      {forYou.length > 0 && <Few title={t`For you`}>{forYou.map(({ asset, reason }) => <Line key={asset.assetId} asset={asset}><Reason reason={reason} /></Line>)}</Few>}
    </div>
  );
}

function Few({ title, aside, children }: { title: string; aside?: JSX.Element; children: ReactNode }): JSX.Element {
  return (
    <section aria-label={title} className="panel grid min-w-0 content-start gap-2 p-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3"><h2 className="text-lg">{title}</h2>{aside}</div>
      <ul className="grid gap-1">{children}</ul>
    </section>
  );
}

function Line({ asset, children }: { asset: Entry['asset']; children: ReactNode }): JSX.Element {
  return <li className="min-w-0 break-words"><Link className="link" to={assetPath(asset)}>{asset.title}</Link> <span className="text-sm text-muted">{children}</span></li>;
}

function Reason({ reason }: { reason: Entry['reason'] }): JSX.Element {
  return <>because {because[reason.because]} {reason.title}{reason.via === 'boughtTogether' ? ', as others did who have both' : ''}</>;
}

function Heading({ query }: { query: string | undefined }): JSX.Element {
  const { data: stats } = useQuery(statsQuery());
  if (query) return <h1 className="mb-6 text-2xl break-words">Results for “{query}”</h1>;
  return (
    <div className="mb-8 grid gap-2 sm:pt-4">
      <h1 className="max-w-[24ch] text-2xl sm:text-3xl">Datasets and models that you can check yourself</h1>
      <p className="max-w-[72ch] text-lg text-muted">Rows stay sealed until you buy them. Every training run can be done again to the same bit, here in your browser.</p>
      <p className="min-h-10 text-sm text-muted sm:min-h-5">
        {stats && <>{plural(stats.assets, 'asset')}, {plural(stats.orders, 'order')}, {plural(stats.jobs, 'run')}, {count(stats.validators)} validators, <Money amount={stats.inEscrow} /> in escrow</>}
      </p>
    </div>
  );
}

function Nothing({ query, filtered, onClear }: { query: string | undefined; filtered: boolean; onClear: () => void }): JSX.Element {
  if (query ?? filtered) {
    return <Empty title="Nothing matches" action={<Button onClick={onClear}>Clear search and filters</Button>}>{query ? `No title, description, tag or column has “${query}”. Try fewer or other words.` : 'Nothing that fits has been published yet.'}</Empty>;
  }
  return <Empty title="Nothing published yet" action={<ButtonLink to="/publish">Publish a dataset</ButtonLink>}>Datasets and models will appear here as soon as they are on chain.</Empty>;
}

function CardSkeletons(): JSX.Element {
  return <div role="status" aria-label="Loading assets" className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">{Array.from({ length: 6 }, (_, index) => <Skeleton key={index} className="h-56 rounded-lg" />)}</div>;
}
