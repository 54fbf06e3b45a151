import { NCR_DECIMALS } from '@neurodata/protocol';
import { isAddress, parseUnits } from 'viem';
import { unpointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import type { unitOf } from '../explorer/unitOf.ts';

export type ParameterUnit = ReturnType<typeof unitOf> | 'address';

/** How many decimals a number of that unit is typed with. */
const decimalsOf = (unit: ParameterUnit): number => (unit === 'NCR' ? NCR_DECIMALS : unit === 'bps' ? 2 : 0);

/** What somebody typed as the value of a contract's parameter, as the contract takes it, or what is wrong with it; nothing is wrong with an empty field. */
export function typedParameter(text: string, unit: ParameterUnit): { value: bigint | string; wrong?: undefined } | { value?: undefined; wrong: string | undefined } {
  if (text.trim() === '') return { wrong: undefined };
  if (unit === 'address') return isAddress(text.trim()) ? { value: text.trim() } : { wrong: t`This is not an address.` };
  const plain = unpointed(text);
  const decimals = decimalsOf(unit);
  if (decimals === 0 && !/^\d{1,30}$/.test(plain)) return { wrong: t`Write a whole number.` };
  if (!/^\d{1,30}(\.\d*)?$/.test(plain)) return { wrong: t`Write it like 25 or 0.5.` };
  if ((plain.split('.')[1]?.length ?? 0) > decimals) return { wrong: t`It has at most ${decimals} decimals.` };
  return { value: parseUnits(plain, decimals) };
}
