import { expect, test } from 'vitest';
import { type RoundOutcome, roundOutcomes } from './roundOutcome.ts';
import { faultCosts, riskOfRound } from './roundRisk.ts';
import { roundSubject } from './roundSubject.ts';

const rules = { minStake: 10_000n, silenceBps: 10, minorityBps: 100, overruledBps: 1_000 };
const costs = faultCosts({ locked: 10_000n, ...rules });

test('costs are parts of the least stake, and never more than is locked', () => {
  expect(costs).toEqual({ silence: 10n, minority: 100n, overruled: 1_000n });
  expect(faultCosts({ locked: 50n, ...rules })).toEqual({ silence: 10n, minority: 50n, overruled: 50n });
});

test('what a round can still cost', () => {
  const risks = (judgesRun: boolean, vote: 'accept' | 'reject' = 'accept'): Partial<Record<RoundOutcome, bigint>> => Object.fromEntries(
    roundOutcomes.map((outcome) => [outcome, riskOfRound({ judgesRun, vote, verdict: 'accept' }, outcome, costs)] as const).filter(([, risk]) => risk > 0n),
  );
  expect(risks(true)).toEqual({ 'to-commit': 1_000n, 'to-reveal': 1_000n, committed: 1_000n, revealed: 1_000n, 'missed-commit': 10n, 'missed-reveal': 10n, 'to-settle': 1_000n, contestable: 1_000n, contested: 1_000n });
  expect(risks(true, 'reject')).toMatchObject({ contestable: 100n, contested: 100n });
  expect(risks(false)).toEqual({ 'to-commit': 10n, 'to-reveal': 10n, committed: 10n, 'missed-commit': 10n, 'missed-reveal': 10n });
});

test('what a round is about', () => {
  const version = `0x${'0'.repeat(48)}0000000700000003`;
  const id = `0x02${'ab'.repeat(31)}`;
  expect(roundSubject({ kind: 'version', subject: version })).toEqual({ noun: 'asset', assetId: 7, version: 3 });
  expect(roundSubject({ kind: 'run', subject: id })).toEqual({ noun: 'run', id });
  expect(roundSubject({ kind: 'step', subject: id })).toEqual({ noun: 'run', id });
  expect(roundSubject({ kind: 'grant', subject: `${id.slice(0, -4)}0007` })).toEqual({ noun: 'grant', id: `${id.slice(0, -4)}0007`, validatorId: 7 });
  expect(roundSubject({ kind: 'order', subject: id })).toEqual({ noun: 'order', id });
  expect(() => roundSubject({ kind: 'run', subject: '0x12' })).toThrow(/not 32 bytes/);
});
