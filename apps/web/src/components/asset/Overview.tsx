import type { AlgorithmDto, AssetDto, ListingDto, Terms } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, type ReactNode, Suspense } from 'react';
import { Link } from 'react-router';
import { useWallet } from '../../client/wallet.ts';
import { numeral } from '../../language/format.ts';
import { Said } from '../../language/Said.tsx';
import { t } from '../../language/t.ts';
import { algorithmsQuery } from '../../queries/algorithms.ts';
import { findHeldOrder, ordersQuery } from '../../queries/orders.ts';
import { termsQuery } from '../../queries/assets.ts';
import { licenseName } from '../AssetCard.tsx';
import { bytes, count, duration } from '../Amounts.tsx';
import { roundSentence } from '../roundSentence.ts';
import { StatusMark } from '../StatusMark.tsx';
import { Skeleton } from '../Feedback.tsx';
import { Facts, Section } from '../Layout.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { lazyPart } from '../lazyPart.ts';
import { useSeen } from '../useSeen.ts';
import { runOf } from './offers.ts';
import { offerWords } from './offerWords.ts';
import { PolicyNote } from './PolicyNote.tsx';
import { Readers } from './OfferPanel.tsx';

const ModelCard = lazyPart(() => import('./ModelCard.tsx'), 'ModelCard');
const ModelTest = lazyPart(() => import('./ModelTest.tsx'), 'ModelTest');
const Checked = lazyPart(() => import('./Checked.tsx'), 'Checked');
const HowToUse = lazyPart(() => import('./HowToUse.tsx'), 'HowToUse');
const Similar = lazyPart(() => import('./Similar.tsx'), 'Similar');
const ModelUse = lazyPart(() => import('./ModelUse.tsx'), 'ModelUse');

/** What it is, on which terms, who checked it, and how to use it. */
export function Overview({ asset }: { asset: AssetDto }): JSX.Element {
  const wallet = useWallet();
  const orders = useQuery({ ...ordersQuery({ buyer: wallet?.address, assetId: asset.assetId }), enabled: wallet !== undefined });
  const held = wallet ? findHeldOrder(orders.data) : undefined;
  const offers = asset.listings.filter(({ retired }) => !retired);
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
      <Section title="Terms">
        {newest && <div className="mb-4"><Readers mayRead={newest.validatorsMayRead} kind={asset.kind} /></div>}
        {newest && <PolicyNote assetId={asset.assetId} version={newest.version} />}
        {offers.length === 0 && <p className="text-muted">There is no offer, so there are no terms to agree to.</p>}
        <ul className="grid gap-4">{offers.map((listing) => <li key={listing.listingId}><OfferTerms listing={listing} /></li>)}</ul>
      </Section>
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

function OfferTerms({ listing }: { listing: ListingDto }): JSX.Element {
  const [place, seen] = useSeen<HTMLDivElement>();
  const { data: terms, isError } = useQuery({ ...termsQuery(listing), enabled: seen });
  const { data: algorithms = [], isLoading } = useQuery({ ...algorithmsQuery(), enabled: seen && listing.kind === 'compute' });
  const covers = listing.lastVersion === 0 ? t`version ${listing.firstVersion} and every later one` : t`versions ${listing.firstVersion} to ${listing.lastVersion}`;
  return (
    <div ref={place}>
      <p className="font-medium">{offerWords[listing.kind]}, <TokenAmount amount={listing.price} token={listing.token} />{listing.periodMinutes > 0 && ` each ${duration(listing.periodMinutes * 60)}`} <span className="font-normal text-muted">offer {listing.listingId}, covers {covers}</span></p>
      {isError && <p className="text-muted">The terms’ text cannot be read just now; its digest is on chain.</p>}
      {(!terms || isLoading) && !isError && <Skeleton className="mt-2 h-10" />}
      {terms && !isLoading && <ul className="mt-1 grid list-disc gap-0.5 pl-5">{plainTerms(terms, algorithms).map((line, index) => <li key={index}>{line}</li>)}</ul>}
    </div>
  );
}

const gets: Record<Terms['kind'], (license: string) => string> = {
  download: (license) => t`You get the file for good, under ${license}.`,
  compute: () => t`You get the trained model, not the rows.`,
  subscription: (license) => t`You get every covered version while it runs, under ${license}.`,
};

function plainTerms(terms: Terms, algorithms: AlgorithmDto[]): ReactNode[] {
  return [
    gets[terms.kind](licenseName(terms.license)),
    ...(terms.kind === 'compute' && terms.algorithms.length > 0 ? [<>May be trained: {terms.algorithms.map((name, index) => <span key={name}>{index > 0 && ', '}<AlgorithmName name={name} algorithms={algorithms} /></span>)}.</>] : []),
    ...(terms.kind === 'compute' && (terms.smallestLeaf ?? 20) > 1 ? [t`Leaves of trees hold ${terms.smallestLeaf ?? 20} rows or more.`] : []),
    ...(terms.modelShareBps > 0 ? [t`If you sell a model trained on it, ${numeral(terms.modelShareBps / 100)} % of its price goes to this owner.`] : []),
    ...(terms.note ? [terms.note] : []),
  ];
}

/** As the node's engine calls it; one that it does not have keeps the name that the terms give it. */
function AlgorithmName({ name, algorithms }: { name: string; algorithms: AlgorithmDto[] }): JSX.Element {
  const known = algorithms.find((algorithm) => algorithm.name === name);
  return known ? <Said text={known.title} /> : <>{name.replaceAll('-', ' ')}</>;
}
