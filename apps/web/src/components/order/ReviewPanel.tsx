import type { OrderDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { reviewsQuery, storedTextQuery } from '../../queries/economy.ts';
import { useReviewMutation } from '../../queries/mutations.ts';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { Rating, RatingField } from '../Rating.tsx';

/** The buyer of a completed order says what it was worth, and may change it once. */
export function ReviewPanel({ order }: { order: OrderDto }): JSX.Element | null {
  const { data } = useQuery(reviewsQuery(order.assetId));
  const own = data?.find(({ orderId }) => orderId === order.orderId);
  const written = useQuery(storedTextQuery(own?.textCid));
  if (!data || (order.state !== 'released' && order.state !== 'claimed')) return null;
  if (own?.textCid !== undefined && written.isPending) return null;
  if (own?.edited) return <Section title="Your review"><p className="flex items-center gap-3"><Rating value={own.rating} /><span className="text-muted">Changed once: it stays as it is.</span></p></Section>;
  return <Section title="Your review" aside={own && <Rating value={own.rating} />}><ReviewForm key={own?.changedAt} order={order} rating={own?.rating} written={written.data ?? ''} /></Section>;
}

function ReviewForm({ order, rating, written }: { order: OrderDto; rating: number | undefined; written: string }): JSX.Element {
  const [value, setValue] = useState(rating ?? 0);
  const [text, setText] = useState(written);
  const review = useMutation(useReviewMutation());
  const submit = (): void => review.mutate({ orderId: order.orderId, rating: value, ...(text.trim() ? { text: text.trim() } : {}) });
  return (
    <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <RatingField value={value} onChange={setValue} />
      <div>
        <label htmlFor="review-text" className="label">What others should know</label>
        <textarea id="review-text" rows={3} maxLength={5000} value={text} onChange={(event) => setText(event.target.value)} className="field h-auto py-2" />
        <p className="hint mt-1">Public and permanent. {rating === undefined ? 'You can change it once.' : 'This is the one change; it takes the place of rating and text.'}</p>
      </div>
      {review.isError && <Failure error={review.error} safe="Nothing was written." />}
      <div><Button type="submit" look="primary" disabled={value === 0} busy={review.isPending}>{rating === undefined ? 'Write review' : 'Change review'}</Button></div>
    </form>
  );
}
