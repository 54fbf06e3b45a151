/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, each once per place. */
export function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (__, j) => (i === 0 ? j : j === 0 ? i : 0)));
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) rows[i]![j] = Math.min(rows[i]![j]!, rows[i - 2]![j - 2]! + 1);
    }
  }
  return rows[a.length]![b.length]!;
}

/** The word with the fewest mistakes between: one in short words, two in longer ones; the more used one where several are as near. */
export function nearestWord<T extends { word: string; uses: number }>(typed: string, candidates: readonly T[]): T | undefined {
  const most = typed.length <= 5 ? 1 : 2;
  const near = candidates.map((candidate) => ({ candidate, distance: editDistance(typed, candidate.word) })).filter(({ distance }) => distance <= most);
  return near.toSorted((a, b) => a.distance - b.distance || b.candidate.uses - a.candidate.uses)[0]?.candidate;
}
