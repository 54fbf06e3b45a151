import type { AssetDto, AssetKind } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { Eye, EyeOff } from 'lucide-react';
import { type JSX, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { useWallet } from '../../client/wallet.ts';
import { numeral } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { configQuery } from '../../queries/chain.ts';
import { findHeldOrder, ordersQuery } from '../../queries/orders.ts';
import { subscriptionsQuery } from '../../queries/subscriptions.ts';
import { duration } from '../Amounts.tsx';
import { assetPath } from '../AssetCard.tsx';
import { Button, ButtonLink } from '../Button.tsx';
import { Explain } from '../Layout.tsx';
import { lazyPart } from '../lazyPart.ts';
import { TokenAmount } from '../TokenAmount.tsx';
import { kindWords } from '../words.ts';
import { type Offer, findOffer, findOffers, runOf } from './offers.ts';
import { TryRun } from './TryRun.tsx';
import { TrySample } from './TrySample.tsx';

const BuyDialog = lazyPart(() => import('./BuyDialog.tsx'), 'BuyDialog');
const GiftDialog = lazyPart(() => import('./GiftDialog.tsx'), 'GiftDialog');
const PrivateOfferDialog = lazyPart(() => import('../offer/PrivateOfferDialog.tsx'), 'PrivateOfferDialog');
const SubscribeDialog = lazyPart(() => import('./SubscribeDialog.tsx'), 'SubscribeDialog');

/** Prices and the one main action; on a phone the action stays at the bottom edge. */
export function OfferPanel({ asset }: { asset: AssetDto }): JSX.Element {
  const [buying, setBuying] = useState(false);
  const [subscribing, setSubscribing] = useState(false);
  const [giving, setGiving] = useState(false);
  const [offering, setOffering] = useState(false);
  const wallet = useWallet();
  const { data: config } = useQuery(configQuery());
  const orders = useQuery({ ...ordersQuery({ buyer: wallet?.address, assetId: asset.assetId }), enabled: wallet !== undefined });
  const [download, ...otherDownloads] = findOffers(asset, 'download');
  // The form pays in NCR; what is free anybody buys for themselves.
  const gift = download && download.listing.token === null && download.listing.price > 0n ? download : undefined;
  const compute = findOffer(asset, 'compute');
  const [period, ...otherPeriods] = findOffers(asset, 'subscription');
  const subscriptions = useQuery({ ...subscriptionsQuery({ account: wallet?.address, assetId: asset.assetId }), enabled: wallet !== undefined && period !== undefined });
  const running = wallet && subscriptions.data?.some((entry) => entry.running);
  const held = wallet ? findHeldOrder(orders.data) : undefined;
  const pending = wallet ? orders.data?.find(({ state }) => state === 'open') : undefined;
  const newest = asset.versions.find(({ version }) => version === asset.latestVersion);
  const onSale = asset.curation.status === 'suspended' || wallet?.address.toLowerCase() !== asset.owner.toLowerCase() ? undefined : asset.versions.filter(({ status }) => status === 'live').toSorted((a, b) => b.version - a.version)[0];
  const bought = held ?? pending;
  const main = bought
    ? <ButtonLink look="primary" className="w-full" to={`/orders/${bought.orderId}`}>{held ? 'Open your copy' : 'See your order'}</ButtonLink>
    : download ? <Button look="primary" className="w-full" onClick={() => setBuying(true)}>Buy</Button> : undefined;
  const subscribe = period && (running
    ? <ButtonLink className="w-full" to="/orders">See your subscription</ButtonLink>
    : <Button look={main ? 'secondary' : 'primary'} className="w-full" onClick={() => setSubscribing(true)}>Subscribe</Button>);
  const train = compute && <ButtonLink look={main ?? subscribe ? 'secondary' : 'primary'} className="w-full" to={`/train/${asset.assetId}`}>Train</ButtonLink>;
  return (
    <>
      <aside aria-label="Offers" className="panel grid gap-4 p-5 lg:sticky lg:top-20 lg:col-start-2 lg:row-start-1">
        {download && <Offered name={asset.kind === 'model' ? t`Use the model` : t`Download the rows`} offers={[download, ...otherDownloads]} note="once, yours for good" />}
        {compute && <Offered name={t`Train on it`} offers={[compute]} note="a run, plus worker and validators" />}
        {period && <Offered name={t`Subscribe`} offers={[period, ...otherPeriods]} note={`each ${duration(period.listing.periodMinutes * 60)}, new versions too`} />}
        {!download && !compute && !period && <NoOffer asset={asset} />}
        {(main ?? subscribe ?? train) && <div className="hidden gap-2 lg:grid">{main}{subscribe}{train}</div>}
        {asset.sampleOf && <p className="text-sm text-muted">A free sample of <Link className="link" to={assetPath(asset.sampleOf)}>{asset.sampleOf.title}</Link>.</p>}
        {asset.sampleAssetId !== undefined && <TrySample assetId={asset.assetId} sampleAssetId={asset.sampleAssetId} />}
        {compute && <TryRun asset={asset} offer={compute} />}
        {held && download && <Button look="quiet" size="small" onClick={() => setBuying(true)}>Buy again, with a new key</Button>}
        {wallet?.address.toLowerCase() === asset.owner.toLowerCase() && <ButtonLink size="small" to={`${assetPath(asset)}?tab=owner`}>Manage your asset</ButtonLink>}
        {gift && <Button look="quiet" size="small" onClick={() => setGiving(true)}>Give it to somebody</Button>}
        {onSale && <Button look="quiet" size="small" onClick={() => setOffering(true)}>Offer it to one buyer</Button>}
        <div className="grid gap-2 border-t border-line pt-4 text-sm text-muted">
          {newest && <Readers mayRead={newest.validatorsMayRead} kind={asset.kind} />}
          {period && <p>A subscription is paid ahead and cancelled for what is left; only the period in which you got a key stays paid.</p>}
          {download && <p>Money waits in escrow until you confirm. The {config ? numeral(config.feeBps / 100) : '…'} % fee comes out of the seller’s part.</p>}
        </div>
      </aside>
      {(main ?? subscribe ?? train) && (
        <div data-bottom-bar className="fixed inset-x-0 bottom-0 z-20 flex gap-2 border-t border-line bg-surface p-3 pb-[max(12px,env(safe-area-inset-bottom))] lg:hidden">{main}{subscribe}{train}</div>
      )}
      <Suspense fallback={null}>
        {download && buying && <BuyDialog asset={asset} offers={[download, ...otherDownloads]} onClose={() => setBuying(false)} />}
        {gift && giving && <GiftDialog asset={asset} offer={gift} onClose={() => setGiving(false)} />}
        {onSale && offering && <PrivateOfferDialog asset={asset} version={onSale} onClose={() => setOffering(false)} />}
        {period && subscribing && <SubscribeDialog asset={asset} offers={[period, ...otherPeriods]} onClose={() => setSubscribing(false)} />}
      </Suspense>
    </>
  );
}

/** The price in NCR, or in the first token; below it those in other tokens. */
function Offered({ name, offers, note }: { name: string; offers: [Offer, ...Offer[]]; note: string }): JSX.Element {
  const [{ listing: first }, ...others] = offers;
  return (
    <div className="flex items-baseline justify-between gap-4">
      <span><span className="block font-medium">{name}</span><span className="text-sm text-muted">{note}</span></span>
      <span className="text-right">
        <span className="text-xl"><TokenAmount amount={first.price} token={first.token} strong /></span>
        {others.map(({ listing }) => <span key={listing.listingId} className="block text-sm text-muted">or <TokenAmount amount={listing.price} token={listing.token} /></span>)}
      </span>
    </div>
  );
}

function NoOffer({ asset }: { asset: AssetDto }): JSX.Element {
  const pending = asset.status === 'pending';
  const run = runOf(asset);
  const why = asset.curation.status === 'suspended' ? t`Curators have suspended it. What was bought before stays with its buyers.`
    : pending ? t`Validators are checking it. It can be bought once a quorum accepts it.` : t`Its owner has made no offer, or withdrew it.`;
  return (
    <div>
      <p className="font-medium">{pending && asset.curation.status !== 'suspended' ? 'Not on sale yet' : 'Not on sale'}</p>
      <p className="text-sm text-muted">{why}</p>
      {run && <p className="mt-2 text-sm"><Link className="link" to={`/runs/${run}`}>See the run that made it</Link></p>}
    </div>
  );
}

/** Said wherever rows could be read by somebody else. */
export function Readers({ mayRead, kind = 'dataset' }: { mayRead: boolean; kind?: AssetKind }): JSX.Element {
  const what = kind === 'dataset' ? t`the rows` : t`the ${kindWords[kind]}`;
  const Icon = mayRead ? Eye : EyeOff;
  return (
    <p className="flex gap-2">
      <Icon size={16} className="mt-0.5 shrink-0" aria-hidden="true" />
      {mayRead
        ? <span>Validators may read {what}: <Explain text="To check it and to do runs again, committee members are given the key for the length of their round. Operators of workers could read rows too.">what that means</Explain></span>
        : <span>Validators may not read {what}: <Explain text={kind === 'dataset' ? 'They checked key shares, description and ciphertext, not the content, and they cannot do runs again. A buyer who disputes the content has it read.' : 'They checked key shares, description and ciphertext, not the content. A buyer who disputes it has it read.'}>what was checked</Explain></span>}
    </p>
  );
}
