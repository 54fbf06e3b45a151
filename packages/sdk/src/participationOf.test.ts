import { expect, test } from 'vitest';
import { participationOf } from './participationOf.ts';

const now = 100 * 86_400;
const duty = { committed: true, vote: 'accept' as const, commitUntil: now - 20, revealUntil: now - 10 };

test('what may still be done does not count, what is missed does', () => {
  const duties = [
    duty,
    { ...duty, committed: false, vote: 'none' as const },
    { ...duty, vote: 'none' as const },
    { ...duty, committed: false, vote: 'none' as const, commitUntil: now, revealUntil: now + 10 },
    { ...duty, vote: 'none' as const, revealUntil: now },
    { ...duty, committed: false, vote: 'none' as const, commitUntil: now - 1, revealUntil: now + 10 },
    { ...duty, commitUntil: now, revealUntil: now + 10 },
  ];
  expect(participationOf(duties, now).all).toEqual({ drawn: 5, attended: 2, missed: 3 });
});

test('recent is thirty days', () => {
  const old = { ...duty, revealUntil: now - 30 * 86_400 - 1 };
  expect(participationOf([old, { ...old, revealUntil: now - 30 * 86_400 }], now)).toEqual({ all: { drawn: 2, attended: 2, missed: 0 }, recent: { drawn: 1, attended: 1, missed: 0 } });
  expect(participationOf([], now).all).toEqual({ drawn: 0, attended: 0, missed: 0 });
});
