import { t } from '../../language/t.ts';

/** ", 40 s left at most", or nothing where that is not known. */
export function timeLeft(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  if (seconds < 60) return t`, ${Math.ceil(seconds)} s left at most`;
  return t`, ${Math.ceil(seconds / 60)} min left at most`;
}
