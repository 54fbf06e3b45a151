import type { Purpose } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, type ReactNode, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { zeroAddress } from 'viem';
import { useWallet, useWalletPending } from '../../client/wallet.ts';
import { numeral } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { assetQuery } from '../../queries/assets.ts';
import { configQuery, gasPriceQuery } from '../../queries/chain.ts';
import { type ShownOffer, offerQuery, useAcceptOfferMutation, useSignAcceptanceMutation } from '../../queries/offers.ts';
import { useBalance } from '../../queries/tokens.ts';
import { Account } from '../Account.tsx';
import { count, Gas, When } from '../Amounts.tsx';
import { assetPath, licenseName } from '../AssetCard.tsx';
import { feeOf } from '../asset/offers.ts';
import { PurchaseSteps } from '../asset/PurchaseSteps.tsx';
import { BottomBar } from '../BottomBar.tsx';
import { Button, ButtonLink } from '../Button.tsx';
import { CodeBlock, Hash } from '../Copy.tsx';
import { Failure, PageSkeleton, Skeleton } from '../Feedback.tsx';
import { Funds } from '../Fix.tsx';
import { Facts, PageTitle, Section } from '../Layout.tsx';
import { Line } from '../Line.tsx';
import { PurposeChoice, usePurposeNeeded } from '../PurposeChoice.tsx';
import { saveFile } from '../saveFile.ts';
import { TokenAmount } from '../TokenAmount.tsx';
import { useShell } from '../useShell.ts';
import { CancelOffers } from './CancelOffers.tsx';
import { OfferBadge } from './OfferBadge.tsx';
import { tokenOfOffer } from './tokenOfOffer.ts';

/** Accepting makes a listing and opens an order; the wallet asks the chain again before it signs. */
const GAS_ACCEPT = 320_000;

/** One private offer, by its link: what it says, how it stands, and what the reader can do with it. */
export function OfferView({ link }: { link: string }): JSX.Element {
  const { data, error, refetch } = useQuery(offerQuery(link));
  if (error && !data) return <><PageTitle title="Private offer" /><Failure error={error} safe="Nothing was signed or paid." retry={() => void refetch()} /><p className="mt-4"><Link className="link" to="/offers">Paste another offer</Link></p></>;
  if (!data) return <PageSkeleton />;
  return <Shown found={data} />;
}

function Shown({ found }: { found: ShownOffer }): JSX.Element {
  const { signed: { offer }, state, terms } = found;
  const wallet = useWallet();
  const { data: asset } = useQuery(assetQuery(offer.assetId));
  const title = asset?.title ?? t`Asset ${offer.assetId}`;
  return (
    <>
      <title>Private offer · NeuroData</title>
      <div className="mb-6 grid gap-2">
        <div className="flex flex-wrap items-center gap-3"><span className="text-sm text-muted">Private offer</span><OfferBadge state={state} /></div>
        <h1 className="text-2xl wrap-anywhere">{asset ? <Link to={assetPath(asset)} className="hover:underline">{title}</Link> : title}</h1>
      </div>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_360px]">
        <aside aria-label="Next step" className="panel grid gap-4 p-5 lg:sticky lg:top-20 lg:col-start-2 lg:row-start-1"><Next found={found} />{same(offer.seller, wallet?.address) && <CancelOffers offerHash={found.offerHash} isOver={!cancellable.has(state)} />}</aside>
        <div className="grid min-w-0 gap-6 lg:col-start-1 lg:row-start-1">
          <Section title="What is offered">
            <Facts facts={[
              ['Price', <TokenAmount key="price" amount={offer.price} token={tokenOfOffer(offer)} strong />],
              ['Version', String(offer.version)],
              ['Licence', terms ? licenseName(terms.license) : 'Its terms cannot be read here'],
              ['Agreed besides', terms?.note && <span key="note" className="wrap-anywhere whitespace-pre-line">{terms.note}</span>],
              ['Seller', <Account key="seller" address={offer.seller} />],
              ['Buyer', <Account key="buyer" address={offer.buyer} />],
              ['Good until', <When key="until" at={offer.expiry} />],
              ['Token', offer.token !== zeroAddress && <Hash key="token" value={offer.token} label="address of the token" />],
              ['Offer', <Hash key="hash" value={found.offerHash} label="hash of the offer" />],
            ]} />
          </Section>
        </div>
      </div>
    </>
  );
}

/** Those that can be accepted, now or once things have changed. */
const cancellable: ReadonlySet<ShownOffer['state']> = new Set(['open', 'not-live', 'not-owner']);

const same = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase();

/** The one thing that the reader can do. */
function Next({ found }: { found: ShownOffer }): JSX.Element {
  const { signed: { offer }, state, orderId } = found;
  const wallet = useWallet();
  const isPending = useWalletPending();
  const { show } = useShell();
  const [isBuyer, isSeller] = [same(offer.buyer, wallet?.address), same(offer.seller, wallet?.address)];
  if (state === 'accepted') return <><h2 className="text-lg">It was accepted</h2><p className="text-muted">It is an order like any other now.</p>{orderId && <ButtonLink look="primary" to={`/orders/${orderId}`}>See the order</ButtonLink>}</>;
  if (state !== 'open') return <><h2 className="text-lg">It cannot be accepted</h2><p className="text-muted">{reasons[state]}</p></>;
  if (isSeller) return <><h2 className="text-lg">It waits for its buyer</h2><p className="text-muted">Nothing is on chain yet. You can cancel it until it is accepted.</p></>;
  if (isBuyer) return <Accept found={found} />;
  if (isPending) return <Skeleton className="h-24" />;
  return <><h2 className="text-lg">It is for one buyer</h2><p className="text-muted">Only <Account address={offer.buyer} /> can accept it.</p><Button onClick={() => show('wallet')}>{wallet ? 'Choose that wallet' : 'Choose a wallet'}</Button></>;
}

const reasons: Record<Exclude<ShownOffer['state'], 'open' | 'accepted'>, string> = {
  cancelled: t`Its seller has cancelled it. Ask for another one.`, withdrawn: t`Its seller has withdrawn all offers of that time. Ask for another one.`, expired: t`Its time is over. Ask the seller for another one.`,
  'not-owner': t`Whoever signed it does not own the asset now.`, 'not-live': t`Its version is not on sale now: validators have not accepted it, or it was withdrawn.`, 'not-signed': t`The signature is not the seller’s: somebody has changed it.`,
};

/** What it costs, what happens to the money, one signature; then the order. */
function Accept({ found }: { found: ShownOffer }): JSX.Element {
  const { signed, signed: { offer } } = found;
  const [purpose, setPurpose] = useState<Purpose>();
  const missing = usePurposeNeeded(offer.assetId, offer.version) && purpose === undefined;
  const navigate = useNavigate();
  const { data: config } = useQuery(configQuery());
  const { data: gasPrice } = useQuery(gasPriceQuery());
  const accept = useMutation(useAcceptOfferMutation());
  const token = tokenOfOffer(offer);
  const balance = useBalance(token, offer.buyer);
  const short = balance !== undefined && balance < offer.price;
  // By the time that this is through, the offer has been read again and stands here as accepted.
  const start = (): void => void accept.mutateAsync({ offer: signed, purpose }).then(({ orderId }) => navigate(`/orders/${orderId}`), () => undefined);
  return (
    <>
      <h2 className="text-lg">It is yours to accept</h2>
      <dl className="grid gap-2">
        <Line name={t`You pay into escrow`}><TokenAmount amount={offer.price} token={token} strong /></Line>
        <Line name={t`Of which fee (${numeral((config?.feeBps ?? 0) / 100)} %)`}>{config && <TokenAmount amount={feeOf(offer.price, config.feeBps)} token={token} />}</Line>
        <Line name={t`Gas, at most about`}><span className="num">{count(GAS_ACCEPT)}</span>{gasPrice !== undefined && <span className="text-muted"> (<Gas wei={gasPrice * BigInt(GAS_ACCEPT)} />)</span>}</Line>
        <Line name={t`Your wallet holds`}>{balance !== undefined && <TokenAmount amount={balance} token={token} />}</Line>
      </dl>
      <PurposeChoice assetId={offer.assetId} version={offer.version} purpose={purpose} onChange={setPurpose} />
      <PurchaseSteps config={config} />
      {short && <div role="alert" className="grid gap-2 rounded-md bg-warn-soft px-3 py-2 text-warn"><p>{token === null ? 'This wallet holds too little NCR.' : 'This wallet holds too little of this token.'}</p>{token === null && <Funds />}</div>}
      {accept.isError && <Failure error={accept.error} safe="If no transaction was made, no money has moved. Otherwise it is in escrow and on your orders page." />}
      <BottomBar><Button look="primary" busy={accept.isPending} disabled={short || missing} onClick={start}>{accept.isPending ? 'Accepting' : 'Sign and accept'}</Button></BottomBar>
      <SignOnly found={found} disabled={short} />
    </>
  );
}

/** For a wallet without gas: somebody else sends what it signs. */
function SignOnly({ found: { signed }, disabled }: { found: ShownOffer; disabled: boolean }): ReactNode {
  const sign = useMutation(useSignAcceptanceMutation());
  const { data: text } = sign;
  return (
    <details className="border-t border-line pt-3">
      <summary className="text-muted">No ETH for gas?</summary>
      <div className="mt-2 grid grid-cols-[minmax(0,1fr)] gap-3">
        <p className="text-sm text-muted">Sign only, and let anybody send it within an hour, on this site or by the command line. The order, its price and its key are yours all the same; the key stays in this browser.</p>
        {sign.isError && <Failure error={sign.error} safe="Nothing was sent." />}
        {text === undefined
          ? <div><Button size="small" busy={sign.isPending} disabled={disabled} onClick={() => sign.mutate(signed)}>Sign the acceptance</Button></div>
          : <><p role="status">Signed. Whoever sends it pastes it on the page of private offers.</p><CodeBlock label="Signed acceptance" code={text} /><div><Button size="small" onClick={() => saveFile({ bytes: new TextEncoder().encode(text), fileName: 'acceptance.json', mediaType: 'application/json' })}>Save it as a file</Button></div></>}
      </div>
    </details>
  );
}
