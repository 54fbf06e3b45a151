import type { AssetDto, ReviewDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { reviewsQuery, storedTextQuery } from '../../queries/economy.ts';
import { Account } from '../Account.tsx';
import { When, plural } from '../Amounts.tsx';
import { Hash } from '../Copy.tsx';
import { Empty, Failure, Skeleton } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { Rating } from '../Rating.tsx';

/** "4.5 of 5", from the sum on chain. */
export const meanText = ({ count, sum }: AssetDto['ratings']): string => `${(sum / count).toFixed(1)} of 5`;

/** What buyers of completed orders say of an asset. */
export function Reviews({ asset }: { asset: AssetDto }): JSX.Element {
  const { data, error, refetch } = useQuery(reviewsQuery(asset.assetId));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-40 rounded-lg" />;
  if (data.length === 0) return <Empty title="No reviews yet">Who has bought it and completed the order can review it, on the order’s page.</Empty>;
  return (
    <Section title="Reviews" aside={asset.ratings.count > 0 && <span className="text-sm text-muted">{meanText(asset.ratings)}, {plural(asset.ratings.count, 'review')}</span>}>
      <ul className="grid gap-5">{data.map((review) => <Review key={review.orderId} review={review} />)}</ul>
    </Section>
  );
}

function Review({ review }: { review: ReviewDto }): JSX.Element {
  const text = useQuery(storedTextQuery(review.textCid));
  return (
    <li className="grid gap-1.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Rating value={review.rating} />
        <Account address={review.reviewer} />
        <span className="text-sm text-muted"><When at={review.changedAt} />{review.edited && ', changed once'}, order <Hash value={review.orderId} label="order id" /></span>
      </div>
      {review.textCid !== undefined && (
        text.data !== undefined ? <p className="max-w-[72ch] break-words whitespace-pre-wrap">{text.data}</p>
          : text.isError ? <p className="text-muted">Its text cannot be read now: <Hash value={review.textCid} label="address of the text" keep={8} /></p> : <Skeleton className="h-5 w-80 max-w-full" />
      )}
    </li>
  );
}
