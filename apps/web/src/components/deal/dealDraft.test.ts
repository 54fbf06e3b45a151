import { parseNcr } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { type DealDraft, addMilestone, keptDealDraft, readDealDraft } from './dealDraft.ts';

const [own, seller, arbiter] = ['0x00000000000000000000000000000000000000a1', '0x00000000000000000000000000000000000000a2', '0x00000000000000000000000000000000000000a3'] as const;
const ncr = { decimals: 18, unit: 'NCR' };
const read = (draft: DealDraft, unit: { decimals: number; unit: string } | undefined = ncr, isAllowed = true): ReturnType<typeof readDealDraft> => readDealDraft(draft, { people: [], own, unit, isAllowed });
const whole: DealDraft = { ...keptDealDraft(''), seller, text: ' A survey. ', milestones: [{ title: 'Draft', amount: '50', days: '14' }, { title: 'Report', amount: '100.5', days: '30' }] };

test('a whole draft becomes a deal', () => {
  expect(read(whole)).toMatchObject({
    total: parseNcr('150.5'),
    input: { seller, token: undefined, arbiter: undefined, text: 'A survey.', reviewWindow: 259_200, arbitrationWindow: 604_800, milestones: [{ title: 'Draft', amount: parseNcr('50'), within: 14 * 86_400 }, { title: 'Report', amount: parseNcr('100.5'), within: 30 * 86_400 }] },
  });
  expect(read({ ...whole, arbiter: 'nobody' }).input?.arbiter).toBe(null);
  expect(read({ ...whole, arbiter: 'account', arbiterAccount: arbiter }).input?.arbiter).toBe(arbiter);
  const token = `0x${'77'.repeat(20)}` as const;
  expect(read({ ...whole, token }, { decimals: 6, unit: 'PLN' })).toMatchObject({ total: 150_500_000n, input: { token } });
});

test('what is wrong is said of its field, and nothing is opened', () => {
  const wrong = read({ ...whole, seller: own, token: '0x1', reviewDays: '91', arbiter: 'account', arbiterAccount: 'x', milestones: [{ title: '', amount: '-1', days: '731' }] });
  expect(wrong.input).toBeUndefined();
  expect(wrong.problems).toMatchObject({
    seller: { wrong: 'This is your own account.' }, token: { wrong: 'This is no address of a token.' }, reviewDays: { wrong: 'Write a whole number from 1 to 90.' }, arbiterAccount: { wrong: 'This is neither an address nor the name of a demo wallet.' },
    milestones: [{ title: { missing: 'Name what is delivered.' }, amount: { wrong: 'Write it like 25 or 0.5.' }, days: { wrong: 'Write a whole number from 1 to 730.' } }],
  });
  expect(read({ ...whole, arbiter: 'account', arbiterAccount: seller }).problems.arbiterAccount.wrong).toBe('The seller cannot rule.');
  expect(read(whole, ncr, false)).toMatchObject({ input: undefined, problems: { token: { wrong: 'Deals are not paid in this token.' } } });
  expect(read({ ...whole, text: ' ' })).toMatchObject({ input: undefined, problems: { text: { missing: 'Say what was agreed.' } } });
});

test('a draft is kept as a text, and what is no draft is an empty one', () => {
  expect(keptDealDraft(JSON.stringify(whole))).toEqual(whole);
  for (const text of ['', 'null', '7', '{"milestones":[{"title":1}],"arbiter":"me","seller":7}']) expect(keptDealDraft(text)).toEqual(keptDealDraft('{}'));
  expect(addMilestone(whole).milestones[2]).toEqual({ title: '', amount: '', days: '30' });
});
