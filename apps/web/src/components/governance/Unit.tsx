import type { JSX } from 'react';
import type { ParameterUnit } from './typedParameter.ts';

/** The unit beside a field. */
export function Unit({ unit }: { unit: ParameterUnit }): JSX.Element | null {
  if (unit === 'NCR') return <>NCR</>;
  if (unit === 'bps') return <>%</>;
  return unit === 'seconds' ? <>seconds</> : null;
}
