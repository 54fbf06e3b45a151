const MOST_STEPS = 20;
const DECADES = 300;

/** 1e0 to 1e300, by multiplication: the host's powers may differ in the last place. */
const powers: number[] = [1];
while (powers.length <= DECADES) powers.push((powers.at(-1) ?? 1) * 10);

type Step = { unit: number; decade: number };

/**
 * At most 21 round numbers from `least` to `most`: the multiples of the smallest of 1, 2, 5 times a power of ten that gives
 * no more. They say the range to within a twentieth, and no cell of the column. None for a range that is empty, or too
 * narrow or wide to be told.
 */
export function roundPoints(least: number, most: number): number[] {
  const step = smallestStep((most - least) / MOST_STEPS);
  if (!(most > least) || step === undefined) return [];
  const first = Math.ceil(least / multiple(step, 1));
  const points = Array.from({ length: MOST_STEPS + 1 }, (_, index) => multiple(step, first + index)).filter((point, index, all) => point >= least && point <= most && point !== all[index - 1]);
  return points.length < 2 ? [] : points;
}

function smallestStep(least: number): Step | undefined {
  for (let decade = -DECADES; decade <= DECADES; decade += 1) {
    for (const unit of [1, 2, 5]) if (multiple({ unit, decade }, 1) >= least) return { unit, decade };
  }
  return undefined;
}

/** Dividing by a power of ten gives the double next to the decimal number, multiplying by its inverse may not. */
function multiple({ unit, decade }: Step, times: number): number {
  const power = powers[Math.abs(decade)] ?? 1;
  return (decade < 0 ? (times * unit) / power : times * unit * power) + 0;
}
