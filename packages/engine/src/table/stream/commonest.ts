/** How often texts stand in the rows that were looked at; where they are too many, those that stand there most. Plain data, so that threads can send it. */
export type Commonest = { most: number; counts: Map<string, Seen> };
/** `looked`: times it was seen. `stands`: for how many rows these stand. */
type Seen = { looked: number; stands: number };

const MOST_TOP = 10;
/** A text that was seen fewer times is not called common: what is told of is true of ten rows at least. */
const LEAST_LOOKED = 10;

export function createCommonest(most: number): Commonest {
  return { most, counts: new Map() };
}

/** A text in a row that stands for `weight` rows. `rare`: of what makes no column of texts, new ones are left out once there are enough. */
export function countText(commonest: Commonest, text: string, weight: number, rare: boolean): void {
  const seen = commonest.counts.get(text);
  if (seen) {
    seen.looked += 1;
    seen.stands += weight;
  } else if (!rare || commonest.counts.size < commonest.most / 2) {
    commonest.counts.set(text, { looked: 1, stands: weight });
    if (commonest.counts.size > commonest.most) thin(commonest);
  }
}

/** Keeps the half that is commonest. */
function thin(commonest: Commonest): void {
  commonest.counts = new Map(sorted(commonest).slice(0, Math.ceil(commonest.most / 2)));
}

function sorted({ counts }: Commonest): [string, Seen][] {
  return [...counts].sort(([a, x], [b, y]) => y.stands - x.stands || (a < b ? -1 : 1));
}

/** Holds fewer from now on. */
export function narrowCommonest(commonest: Commonest, most: number): void {
  commonest.most = Math.min(commonest.most, most);
  if (commonest.counts.size > commonest.most) thin(commonest);
}

export function mergeCommonest(into: Commonest, from: Commonest): void {
  narrowCommonest(into, from.most);
  for (const [text, { looked, stands }] of from.counts) {
    const seen = into.counts.get(text);
    if (seen) {
      seen.looked += looked;
      seen.stands += stands;
    } else into.counts.set(text, { looked, stands });
  }
}

/** The commonest texts, by what the rows that were looked at stand for: at most ten. */
export function topTexts(commonest: Commonest, present: number): { value: string; count: number }[] {
  return sorted(commonest).filter(([, { looked }]) => looked >= LEAST_LOOKED).slice(0, MOST_TOP).map(([value, { stands }]) => ({ value, count: Math.min(present, stands) }));
}
