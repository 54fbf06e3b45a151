import { formatUnits, parseUnits } from 'viem';
import { NeuroError } from './errors.ts';

export const NCR_DECIMALS = 18;

/** Base units to a decimal string of NCR, at most `digits` decimals (truncated, never rounded up). */
export function formatNcr(amount: bigint, digits = 4): string {
  return formatAmount({ amount, decimals: NCR_DECIMALS, digits });
}

/** Base units to a decimal string of a token with `decimals`, at most `digits` after the point (truncated, never rounded up). */
export function formatAmount({ amount, decimals, digits }: { amount: bigint; decimals: number; digits: number }): string {
  const [whole = '0', fraction = ''] = formatUnits(amount, decimals).split('.');
  const cut = fraction.slice(0, digits).replace(/0+$/, '');
  return cut ? `${whole}.${cut}` : whole;
}

/** "2.5" to base units; throws BAD_INPUT on anything but a plain decimal with at most 18 places. */
export function parseNcr(text: string): bigint {
  if (!/^\d{1,30}(\.\d{1,18})?$/.test(text)) {
    throw new NeuroError(`"${text}" is not an amount of NCR.`, { code: 'BAD_INPUT', remedy: 'Write it like 25 or 0.5.' });
  }
  return parseUnits(text, NCR_DECIMALS);
}
