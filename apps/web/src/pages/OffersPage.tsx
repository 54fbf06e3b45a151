import type { JSX } from 'react';
import { useLocation } from 'react-router';
import { useWallet } from '../client/wallet.ts';
import { PageTitle } from '../components/Layout.tsx';
import { MadeOffers } from '../components/offer/MadeOffers.tsx';
import { OfferView } from '../components/offer/OfferView.tsx';
import { PasteOffer } from '../components/offer/PasteOffer.tsx';
import { WalletNeeded } from '../components/WalletNeeded.tsx';

/** A private offer that an address leads to, behind its #, which no node is sent; else what was made here, and a field for what somebody was sent. */
export function OffersPage(): JSX.Element {
  const link = useLocation().hash.slice(1);
  const wallet = useWallet();
  if (link !== '') return <OfferView key={link} link={link} />;
  return (
    <>
      <PageTitle title="Private offers">An owner signs an offer that one buyer alone can accept. Nobody but who has its address sees it, and nothing is on chain before it is accepted; then it is an order like any other.</PageTitle>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        <PasteOffer />
        {wallet ? <MadeOffers key={wallet.address} account={wallet.address} /> : <WalletNeeded what="Offers that you make belong to a wallet." />}
      </div>
    </>
  );
}
