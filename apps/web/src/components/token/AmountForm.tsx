import { NCR_DECIMALS, formatAmount } from '@neurodata/protocol';
import { type JSX, type ReactNode, useId, useState } from 'react';
import { pointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { Button } from '../Button.tsx';
import { useKept } from '../useKept.ts';
import { typedAmount } from './typedAmount.ts';

type AmountFormProps = {
  /** Under this name what was typed survives a reload. */
  keep: string;
  label: string;
  /** What can be taken at most, in base units; undefined until it is known. */
  max: bigint | undefined;
  maxText: string;
  /** There is no most. */
  unlimited?: boolean;
  button: string;
  look?: 'primary' | 'secondary' | 'danger';
  decimals?: number;
  unit?: string;
  /** Whether nothing may be chosen too. */
  orNothing?: boolean;
  /** What stands above the amount, e.g. who gets it. */
  before?: ReactNode;
  /** What is wrong with what stands above; nothing is sent before it is right. */
  blocked?: boolean | undefined;
  hint?: (amount: bigint | undefined) => string;
  /** Asks for the signature; the amount is cleared by `clear` once it is through. */
  onAsk: (amount: bigint, clear: () => void) => void;
};

/** An amount to do something with: what is wrong with it stands beside the field before anything is sent. */
export function AmountForm({ keep, label, max, maxText, unlimited = false, button, look = 'primary', decimals = NCR_DECIMALS, unit = 'NCR', orNothing = false, before, blocked = false, hint, onAsk }: AmountFormProps): JSX.Element {
  const id = useId();
  const [text, setText] = useKept(keep, { byLanguage: true });
  const [tried, setTried] = useState(false);
  const typed = typedAmount({ text, max, decimals, unit, orNothing });
  const wrong = typed.wrong ?? (tried && text.trim() === '' ? t`Write an amount.` : undefined);
  const submit = (): void => {
    setTried(true);
    if (typed.amount !== undefined && !blocked) onAsk(typed.amount, () => { setText(''); setTried(false); });
  };
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); submit(); }} className="grid gap-3">
      {before}
      <div>
        <label htmlFor={id} className="label">{label}</label>
        <div className="flex gap-2">
          <div className="relative min-w-0 flex-1">
            <input id={id} className="field pr-14 tabular-nums" inputMode="decimal" autoComplete="off" placeholder="0" value={text} onChange={(event) => setText(event.target.value)} aria-invalid={wrong !== undefined} aria-describedby={`${id}-hint`} />
            <span aria-hidden="true" className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-sm text-muted">{unit}</span>
          </div>
          <Button type="submit" look={look} disabled={max === undefined && !unlimited}>{button}</Button>
        </div>
        <p id={`${id}-hint`} className="mt-1 flex min-h-5 flex-wrap items-baseline justify-between gap-x-4 text-sm text-muted">
          {wrong ? <span role="alert" className="text-bad">{wrong}</span> : <span>{hint?.(typed.amount)}</span>}
          {max !== undefined && <button type="button" className="link ml-auto" onClick={() => setText(pointed(formatAmount({ amount: max, decimals, digits: decimals })))}>{maxText}</button>}
        </p>
      </div>
    </form>
  );
}
