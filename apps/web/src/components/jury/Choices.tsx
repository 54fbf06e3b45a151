import type { DisputeDto } from '@neurodata/protocol';
import { type JSX, useId } from 'react';
import { rulingText } from '../economyStates.tsx';

type ChoicesProps = { about: DisputeDto; choices: number; chosen: number | undefined; onChoose: (ruling: number) => void; wrong: boolean };

/** The rulings of a dispute in words. To decide nothing, which is ruling 0, comes last. */
export function Choices({ about, choices, chosen, onChoose, wrong }: ChoicesProps): JSX.Element {
  const id = useId();
  const rulings = [...Array.from({ length: choices }, (_, index) => index + 1), 0];
  return (
    <fieldset aria-describedby={wrong ? `${id}-wrong` : undefined}>
      <legend className="label">Your vote</legend>
      <div className="flex flex-wrap gap-2">
        {rulings.map((ruling) => (
          <label key={ruling} className="flex min-h-9 cursor-pointer items-center gap-2 rounded-md border border-line-strong/60 px-3 py-1 has-checked:border-accent has-checked:bg-accent-soft">
            <input type="radio" name={id} checked={chosen === ruling} onChange={() => onChoose(ruling)} className="accent-accent" />
            {rulingText(about, ruling)}
          </label>
        ))}
      </div>
      {wrong && <p id={`${id}-wrong`} role="alert" className="mt-1 text-sm text-bad">Choose one.</p>}
    </fieldset>
  );
}
