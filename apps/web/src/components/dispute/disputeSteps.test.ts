import type { DisputeDto } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { disputeSteps } from './disputeSteps.ts';

type Facts = Parameters<typeof disputeSteps>[0];
const round: DisputeDto['rounds'][number] = { number: 0, payer: '0x0000000000000000000000000000000000000001', size: 3, fee: 0n, bond: 0n, openedAt: 10, drawUntil: 20, ruling: 0, votes: [], seats: [] };
const drawn = { ...round, commitUntil: 30, revealUntil: 40, appealUntil: 50 };
const dispute: Facts = { rounds: [round], phase: 'drawing', executed: false, openedAt: 10, activity: [] };
const now = (facts: Partial<Facts>): string | undefined => {
  const { steps, done } = disputeSteps({ ...dispute, ...facts });
  return steps[done]?.name;
};

test('each phase goes on with its own stage, which has its deadline', () => {
  expect(disputeSteps(dispute).steps.map(({ name }) => name)).toEqual(['Opened', 'Jury drawn', 'Votes committed', 'Votes revealed', 'Time to appeal over', 'Ruled', 'Carried out']);
  expect(now({})).toBe('Jury drawn');
  expect(now({ rounds: [drawn], phase: 'commit' })).toBe('Votes committed');
  expect(now({ rounds: [drawn], phase: 'reveal' })).toBe('Votes revealed');
  expect(now({ rounds: [drawn], phase: 'appeal' })).toBe('Time to appeal over');
  expect(now({ rounds: [drawn], phase: 'over' })).toBe('Ruled');
  expect(now({ rounds: [drawn], phase: 'final' })).toBe('Carried out');
  expect(now({ rounds: [drawn], phase: 'final', executed: true })).toBeUndefined();
  expect(disputeSteps({ ...dispute, rounds: [drawn], phase: 'commit' }).steps.map(({ at }) => at)).toEqual([10, 20, 30, 40, 50, undefined, undefined]);
});

test('after an appeal the last round is told, and before governance nothing is drawn', () => {
  const appealed = { ...drawn, number: 1, openedAt: 45 };
  expect(disputeSteps({ ...dispute, rounds: [drawn, appealed], phase: 'commit' }).steps[0]).toEqual({ name: 'Appealed', at: 45 });
  const asked = { ...round, number: 1, size: 0, openedAt: 45, appealUntil: 99 };
  expect(disputeSteps({ ...dispute, rounds: [drawn, asked], phase: 'governance' })).toMatchObject({ done: 1, steps: [{ name: 'Appealed' }, { name: 'Before governance', at: 99 }, { name: 'Ruled' }, { name: 'Carried out' }] });
  expect(now({ rounds: [drawn, asked], phase: 'over' })).toBe('Ruled');
});
