/** Steps [from, to) that are re-executed in one go, from the state of checkpoint `from`. */
export type Span = { from: number; to: number };

/**
 * Where to start so that every segment is met: at the last kept state before it. Neighbours become one span. The start of
 * the run needs no state: it is made again.
 */
export function planSpans(segments: readonly number[], isKept: (step: number) => boolean): Span[] {
  const spans: Span[] = [];
  for (const segment of segments) {
    let from = segment;
    while (from > 0 && !isKept(from)) from -= 1;
    const last = spans.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, segment + 1);
    else spans.push({ from, to: segment + 1 });
  }
  return spans;
}
