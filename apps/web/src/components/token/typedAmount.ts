import { NCR_DECIMALS, formatAmount } from '@neurodata/protocol';
import { parseUnits } from 'viem';
import { pointed, unpointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';

/** What somebody typed as an amount: base units, or what is wrong with it; nothing is wrong with an empty field. */
export type TypedAmount = { amount: bigint; wrong?: undefined } | { amount?: undefined; wrong: string | undefined };

type Parameters = { text: string; max?: bigint | undefined; decimals?: number; unit?: string; /** Whether nothing is an amount too. */ orNothing?: boolean };

/** Reads an amount that is more than nothing (or `orNothing`), has no more decimals than its token, and is at most `max`. */
export function typedAmount({ text, max, decimals = NCR_DECIMALS, unit = 'NCR', orNothing = false }: Parameters): TypedAmount {
  const plain = unpointed(text);
  if (plain === '') return { wrong: undefined };
  if (!/^\d{1,30}(\.\d*)?$/.test(plain)) return { wrong: t`Write it like 25 or 0.5.` };
  if ((plain.split('.')[1]?.length ?? 0) > decimals) return { wrong: decimals === 0 ? t`${unit} has no decimals.` : t`${unit} has at most ${decimals} decimals.` };
  const amount = parseUnits(plain as `${number}`, decimals);
  if (amount === 0n && !orNothing) return { wrong: t`Choose more than nothing.` };
  if (max !== undefined && amount > max) return { wrong: max === 0n ? t`There is no ${unit} to take it from.` : t`At most ${pointed(formatAmount({ amount: max, decimals, digits: decimals }))} ${unit}.` };
  return { amount };
}
