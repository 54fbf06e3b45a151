import type { AssetDto } from '@neurodata/protocol';
import { type JSX, Suspense } from 'react';
import { useWallet } from '../../client/wallet.ts';
import { Money } from '../Amounts.tsx';
import { ButtonLink } from '../Button.tsx';
import { lazyPart } from '../lazyPart.ts';
import type { Offer } from './offers.ts';

const OfferTrials = lazyPart(() => import('./OfferTrials.tsx'), 'OfferTrials');

/** A run to try the data on before it is bought: what it gives, and what becomes of its fee. Its seller sets both here. */
export function TryRun({ asset, offer: { listing } }: { asset: AssetDto; offer: Offer }): JSX.Element | null {
  const wallet = useWallet();
  if (wallet?.address.toLowerCase() === listing.seller.toLowerCase()) return <Suspense fallback={null}><OfferTrials key={listing.trialCap} listing={listing} /></Suspense>;
  if (listing.trialCap === 0) return null;
  return (
    <div className="grid gap-2 border-t border-line pt-4" data-testid="try-run">
      <ButtonLink className="w-full" to={`/train/${asset.assetId}?trial`}>Try on this data</ButtonLink>
      <p className="text-sm text-muted">
        A run on all of its rows that tells how well a model does, to two digits, and gives no model. It costs <Money amount={listing.trialFee} /> besides worker and validators. If you then buy the data, that fee comes back.
      </p>
    </div>
  );
}
