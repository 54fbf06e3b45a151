import type { AssetDto, ListingDto, ListingKind } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { type JSX, type ReactNode, useRef, useState } from 'react';
import { t, tAs } from '../../language/t.ts';
import { useRetireMutation } from '../../queries/mutations.ts';
import { Account } from '../Account.tsx';
import { duration, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Section } from '../Layout.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { NewOffer } from './NewOffer.tsx';
import { offerWords } from './offerWords.ts';
import { PriceDialog } from './PriceDialog.tsx';

const GAS = 110_000;

/** Every offer that stands, at another price or withdrawn, and new ones. */
export function OwnOffers({ asset }: { asset: AssetDto }): JSX.Element {
  const [pricing, setPricing] = useState<ListingDto>();
  const [asked, setAsked] = useState<Ask>();
  const cleared = useRef<() => void>(undefined);
  const retire = useMutation(useRetireMutation());
  const ask = (next: Ask, clear?: () => void): void => {
    cleared.current = clear;
    setAsked(next);
  };
  const listings = asset.listings.filter(({ retired }) => !retired);
  const askRetire = (listing: ListingDto): void => ask({
    title: t`Withdraw this offer`, text: retiredText[listing.kind], gas: GAS, button: t`Sign and withdraw`, danger: true,
    lines: [[offerWords[listing.kind], <TokenAmount key="price" amount={listing.price} token={listing.token} />], [t`Offers that stand then`, String(listings.length - 1)]], act: () => retire.mutateAsync(listing.listingId),
  });
  return (
    <Section title="Offers" aside={<span className="text-sm text-muted">{plural(listings.length, 'offer')}</span>}>
      <div className="grid gap-5">
        {listings.length === 0 && <p className="text-muted">None stands: nobody can buy it.</p>}
        {listings.length > 0 && <ul>{listings.map((listing) => <Item key={listing.listingId} listing={listing} owner={asset.owner} onPrice={() => setPricing(listing)} onRetire={() => askRetire(listing)} />)}</ul>}
        {asset.open ? <p className="text-muted">Everybody has its key, so there is nothing to sell.</p> : <NewOffer asset={asset} ask={ask} />}
      </div>
      {pricing && <PriceDialog listing={pricing} onClose={() => setPricing(undefined)} />}
      {asked && <SignDialog ask={asked} onClose={() => setAsked(undefined)} onDone={() => cleared.current?.()} />}
    </Section>
  );
}

const retiredText: Record<ListingKind, string> = {
  download: t`Nobody can buy by it any more. Orders that were made go on.`,
  compute: t`No run can be started by it any more. Runs that were started go on.`,
  subscription: t`Nobody can subscribe by it any more. Subscriptions run to the end of what is paid and cannot be renewed.`,
};

function Item({ listing, owner, onPrice, onRetire }: { listing: ListingDto; owner: string; onPrice: () => void; onRetire: () => void }): JSX.Element {
  const { listingId, kind, price, token, periodMinutes, firstVersion, lastVersion, seller, trialCap } = listing;
  const isPaid = seller.toLowerCase() === owner.toLowerCase();
  const about: ReactNode[] = [
    lastVersion === 0 ? t`version ${firstVersion} and every later one` : firstVersion === lastVersion ? t`version ${firstVersion}` : t`versions ${firstVersion} to ${lastVersion}`,
    ...(kind === 'subscription' ? [t`for ${duration(periodMinutes * 60)}`] : []), ...(trialCap > 0 ? [t`with trial runs`] : []),
  ];
  return (
    <li data-testid="own-offer" data-listing={listingId} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line py-3 first:border-t-0 first:pt-0">
      <div className="min-w-0">
        <p><span className="font-medium">{offerWords[kind]}</span> <TokenAmount amount={price} token={token} strong /></p>
        <p className="text-sm text-muted">{about.join(', ')}</p>
        {!isPaid && <p className="text-sm text-warn">It pays <Account address={seller} />, who owned the asset before. Withdraw it, or change its price, which makes it yours.</p>}
      </div>
      <div className="flex gap-2">
        <Button size="small" onClick={onPrice} aria-label={t`Change price of offer ${listingId}`}>Change price</Button>
        <Button size="small" look="danger" onClick={onRetire} aria-label={t`Withdraw offer ${listingId}`}>{tAs('an offer')`Withdraw`}</Button>
      </div>
    </li>
  );
}
