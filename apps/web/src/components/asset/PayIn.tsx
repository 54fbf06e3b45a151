import type { JSX } from 'react';
import { TokenAmount } from '../TokenAmount.tsx';
import type { Offer } from './offers.ts';

/** In which token to pay, where there is a choice. */
export function PayIn({ offers, chosen, onChoose }: { offers: Offer[]; chosen: Offer; onChoose: (offer: Offer) => void }): JSX.Element | null {
  if (offers.length < 2) return null;
  return (
    <fieldset className="mb-4">
      <legend className="label">Pay in</legend>
      <div className="flex flex-wrap gap-2">
        {offers.map((offer) => (
          <label key={offer.listing.listingId} className="flex h-9 cursor-pointer items-center gap-2 rounded-md border border-line-strong/60 px-3 has-checked:border-accent has-checked:bg-accent-soft">
            <input type="radio" name="pay-in" checked={offer.listing.listingId === chosen.listing.listingId} onChange={() => onChoose(offer)} className="accent-accent" />
            <TokenAmount amount={offer.listing.price} token={offer.listing.token} />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Said before a payment in a token that may have to be approved in a transaction of its own. */
export function ApprovalNote({ offer: { listing } }: { offer: Offer }): JSX.Element | null {
  if (listing.token === null) return null;
  return <p className="mt-3 text-sm text-muted">Some tokens take no permit: then a first transaction lets the contract take just this amount, and a second one pays. The token is <span className="num break-all">{listing.token}</span>.</p>;
}
