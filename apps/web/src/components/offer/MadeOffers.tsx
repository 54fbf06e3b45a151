import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import type { Address } from 'viem';
import type { MadeOffer } from '../../client/madeOffers.ts';
import { t } from '../../language/t.ts';
import { assetQuery } from '../../queries/assets.ts';
import { madeOffersQuery, offerQuery } from '../../queries/offers.ts';
import { Account } from '../Account.tsx';
import { When } from '../Amounts.tsx';
import { Empty, Failure, Skeleton } from '../Feedback.tsx';
import { Section, Table } from '../Layout.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { CancelOffers } from './CancelOffers.tsx';
import { OfferBadge } from './OfferBadge.tsx';
import { tokenOfOffer } from './tokenOfOffer.ts';

/** The offers that the chosen wallet has signed in this browser, and how they stand. */
export function MadeOffers({ account }: { account: Address }): JSX.Element {
  const made = useQuery(madeOffersQuery(account));
  return (
    <Section title="Yours, made in this browser">
      {made.isError && <Failure error={made.error} retry={() => void made.refetch()} />}
      {made.isPending && <Skeleton className="h-24" />}
      {made.data?.length === 0 && <Empty title="None yet">On the page of a dataset or model that you own, “Offer it to one buyer” makes one. What you sign stands here, and nowhere else before it is accepted.</Empty>}
      {made.data && made.data.length > 0 && (
        <Table label="Your private offers" head={['Asset', 'State', 'Price', 'Buyer', 'Good until']} numeric={[2]} wide={[3, 4]}>
          {made.data.map((offer) => <Row key={offer.offerHash} made={offer} />)}
        </Table>
      )}
      {made.data && <div className="mt-4 grid gap-2"><CancelOffers /><p className="text-sm text-muted">This ends those of other browsers and of the command line, too.</p></div>}
    </Section>
  );
}

function Row({ made: { link } }: { made: MadeOffer }): JSX.Element {
  const { data: found, isError } = useQuery(offerQuery(link));
  const { data: asset } = useQuery({ ...assetQuery(found?.signed.offer.assetId ?? 0), enabled: found !== undefined });
  if (!found) return <tr><td colSpan={5} className="text-muted">{isError ? 'This offer is of another deployment.' : '…'}</td></tr>;
  const { offer } = found.signed;
  return (
    <tr>
      <td><Link className="link break-words" to={{ pathname: '/offers', hash: link }}>{asset?.title ?? t`Asset ${offer.assetId}`}</Link></td>
      <td><OfferBadge state={found.state} /></td>
      <td className="text-right"><TokenAmount amount={offer.price} token={tokenOfOffer(offer)} /></td>
      <td><Account address={offer.buyer} /></td>
      <td className="text-muted"><When at={offer.expiry} /></td>
    </tr>
  );
}
