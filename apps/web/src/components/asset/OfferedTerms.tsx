import type { AlgorithmDto, AssetDto, ListingDto, Terms, VersionDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX, ReactNode } from 'react';
import { numeral } from '../../language/format.ts';
import { Said } from '../../language/Said.tsx';
import { t } from '../../language/t.ts';
import { algorithmsQuery } from '../../queries/algorithms.ts';
import { termsQuery } from '../../queries/assets.ts';
import { duration } from '../Amounts.tsx';
import { licenseName } from '../AssetCard.tsx';
import { Skeleton } from '../Feedback.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { Readers } from './OfferPanel.tsx';
import { offerWords } from './offerWords.ts';
import { PolicyNote } from './PolicyNote.tsx';

/** Who may read it, what it may be used for, and each offer's terms in plain words. */
export function OfferedTerms({ asset, newest }: { asset: AssetDto; newest: VersionDto | undefined }): JSX.Element {
  const offers = asset.listings.filter(({ retired }) => !retired);
  return (
    <>
      {newest && <div className="mb-4"><Readers mayRead={newest.validatorsMayRead} kind={asset.kind} /></div>}
      {newest && <PolicyNote assetId={asset.assetId} version={newest.version} />}
      {offers.length === 0 && <p className="text-muted">There is no offer, so there are no terms to agree to.</p>}
      <ul className="grid gap-4">{offers.map((listing) => <li key={listing.listingId}><OfferTerms listing={listing} /></li>)}</ul>
    </>
  );
}

function OfferTerms({ listing }: { listing: ListingDto }): JSX.Element {
  const { data: terms, isError } = useQuery(termsQuery(listing));
  const { data: algorithms = [], isLoading } = useQuery({ ...algorithmsQuery(), enabled: listing.kind === 'compute' });
  const covers = listing.lastVersion === 0 ? t`version ${listing.firstVersion} and every later one` : t`versions ${listing.firstVersion} to ${listing.lastVersion}`;
  return (
    <div>
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
