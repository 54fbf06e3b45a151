import type { AssetDto, ReviewDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { fixed } from '../../language/format.ts';
import { ratingsQuery } from '../../queries/trust.ts';
import { reviewsQuery, storedTextQuery } from '../../queries/economy.ts';
import { Account } from '../Account.tsx';
import { When, plural } from '../Amounts.tsx';
import { Hash } from '../Copy.tsx';
import { Empty, Failure, Skeleton } from '../Feedback.tsx';
import { Explain, Section } from '../Layout.tsx';
import { Rating } from '../Rating.tsx';
import { ReportButton } from '../trust/ReportButton.tsx';
import { meanText } from './meanText.ts';

/** What buyers of completed orders say of an asset. */
export function Reviews({ asset }: { asset: AssetDto }): JSX.Element {
  const { data, error, refetch } = useQuery(reviewsQuery(asset.assetId));
  const ratings = useQuery(ratingsQuery(asset.assetId));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-40 rounded-lg" />;
  if (data.length === 0) return <Empty title="No reviews yet">Who has bought it and completed the order can review it, on the order’s page.</Empty>;
  return (
    <Section title="Reviews" aside={asset.ratings.count > 0 && (
      <span className="text-sm text-muted">
        {ratings.data?.weightedMean ? <Explain text="Each review counts once, and once more for each run of its author on this asset that validators repeated, up to five times.">{fixed(ratings.data.weightedMean / 100, 1)} of 5, weighted</Explain> : meanText(asset.ratings)}, {plural(asset.ratings.count, 'review')}
      </span>
    )}>
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
        <span className="text-sm text-muted"><When at={review.changedAt} />{review.edited && ', changed once'}, order <Hash value={review.orderId} label="order id" />{review.weight > 1 && `, ${plural(review.verifiedRuns, 'verified run')}, counts ${review.weight} times`}</span>
        <ReportButton subject={`review:${review.orderId}`} what="this review" />
      </div>
      {review.hidden !== undefined && <p className="text-muted">This node does not show its text: “{review.hidden}”</p>}
      {review.textCid !== undefined && (
        text.data !== undefined ? <p className="max-w-[72ch] break-words whitespace-pre-wrap">{text.data}</p>
          : text.isError ? <p className="text-muted">Its text cannot be read now: <Hash value={review.textCid} label="address of the text" keep={8} /></p> : <Skeleton className="h-5 w-80 max-w-full" />
      )}
      {review.reply && <div className="mt-1 max-w-[72ch] border-l-2 border-line-strong pl-3"><p className="text-sm text-muted">The seller answers, signed by <Account address={review.reply.seller} />, <When at={review.reply.signedAt} /></p><p className="break-words whitespace-pre-wrap">{review.reply.text}</p></div>}
    </li>
  );
}
