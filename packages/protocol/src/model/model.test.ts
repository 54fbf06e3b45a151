import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createDisputeSequences, disputeOps, disputeOutcomes } from './disputeSequences.ts';
import { createOrderSequences, orderOps, orderOutcomes } from './orderSequences.ts';
import { committedWalks, type SequenceFile, type Tally } from './sequence.ts';
import { createTrialSequences, trialOps, trialOutcomes } from './trialSequences.ts';

const walks = [
  { name: 'orderSequences', create: createOrderSequences, ops: orderOps, outcomes: orderOutcomes },
  { name: 'disputeSequences', create: createDisputeSequences, ops: disputeOps, outcomes: disputeOutcomes },
  { name: 'trialSequences', create: createTrialSequences, ops: trialOps, outcomes: trialOutcomes },
] as const;

function read(name: string): SequenceFile {
  return JSON.parse(readFileSync(new URL(`../../../../vectors/${name}.json`, import.meta.url), 'utf8')) as SequenceFile;
}

const seen = (tally: Tally, part: 0 | 1): string[] => [...new Set([...tally.keys()].map((key) => key.split(' ')[part] ?? ''))].toSorted();

test.each(walks)('$name: the committed walks are what the model makes, and meet every verb and every refusal', ({ name, create, ops, outcomes }) => {
  const { file, tally } = create(committedWalks);
  // Not compared by the test runner: its picture of a difference in 2,000 long strings would take longer than the test.
  expect(JSON.stringify(file) === JSON.stringify(read(name)), 'run `npm run generate`').toBe(true);
  expect(seen(tally, 0)).toEqual([...ops].toSorted());
  expect(seen(tally, 1)).toEqual([...outcomes].toSorted());
  const never = ops.filter((op) => !tally.has(`${op} ok`));
  expect(never, 'each verb is also seen to succeed').toEqual([]);
});

test('another seed gives other walks', () => {
  const [one, two] = [createOrderSequences({ seed: 1, count: 2 }), createOrderSequences({ seed: 2, count: 2 })];
  expect(one.file.sequences).not.toEqual(two.file.sequences);
});
