import { Star } from 'lucide-react';
import type { JSX } from 'react';

const values = [1, 2, 3, 4, 5] as const;

/** 1 to 5 as stars, with the number for those who do not see them. */
export function Rating({ value }: { value: number }): JSX.Element {
  return (
    <span role="img" aria-label={`${value} of 5`} className="inline-flex gap-0.5">
      {values.map((star) => <Star key={star} size={14} aria-hidden="true" className={star <= value ? 'fill-current text-text' : 'text-line-strong'} />)}
    </span>
  );
}

/** Chooses 1 to 5, by mouse or by keys. */
export function RatingField({ value, onChange }: { value: number; onChange: (value: number) => void }): JSX.Element {
  return (
    <fieldset className="flex gap-1">
      <legend className="label">Rating</legend>
      {values.map((star) => (
        <label key={star} className="cursor-pointer rounded-sm p-0.5 has-focus-visible:outline-2 has-focus-visible:outline-accent">
          <input type="radio" name="rating" value={star} checked={value === star} onChange={() => onChange(star)} className="sr-only" aria-label={`${star} of 5`} />
          <Star size={20} aria-hidden="true" className={star <= value ? 'fill-current text-text' : 'text-line-strong'} />
        </label>
      ))}
    </fieldset>
  );
}
