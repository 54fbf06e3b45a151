/** ", 40 s left at most", or nothing where that is not known. */
export function timeLeft(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  if (seconds < 60) return `, ${Math.ceil(seconds)} s left at most`;
  return `, ${Math.ceil(seconds / 60)} min left at most`;
}
