import type { DisputeDto } from '@neurodata/protocol';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { Account } from './Account.tsx';
import { assetPath } from './AssetCard.tsx';
import { shorten } from './Copy.tsx';

/** What a dispute is about, with the ways there: a deal's milestone, an order and what it bought, or a suspended asset. */
export function DisputeSubject({ dispute: { deal, orderId, asset, arbitrable } }: { dispute: DisputeDto }): JSX.Element {
  if (deal) return <Link to={`/deals/${deal.dealId}`} className="link">Milestone {deal.index + 1} of deal <span className="num">{shorten(deal.dealId)}</span></Link>;
  if (!asset) return <Account address={arbitrable} />;
  const named = <Link to={assetPath(asset)} className="link">{asset.title}</Link>;
  return orderId ? <><Link to={`/orders/${orderId}`} className="link">Order <span className="num">{shorten(orderId, 5)}</span></Link> of {named}</> : <>Suspension of {named}</>;
}
