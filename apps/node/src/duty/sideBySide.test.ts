import { expect, test } from 'vitest';
import { createSideBySide } from './sideBySide.ts';

test('a step that takes long keeps no other one waiting, and is not begun twice', async () => {
  const began: string[] = [];
  const hung = Promise.withResolvers<void>();
  const items = ['slow', 'quick', 'later'].map((name) => ({ name, notBefore: name === 'later' ? Infinity : 0 }));
  const tended = createSideBySide<(typeof items)[number]>(async ({ name }) => {
    began.push(name);
    if (name === 'slow') await hung.promise;
  });
  const { signal } = new AbortController();
  tended.visit(items, signal);
  await new Promise((resolve) => { setImmediate(resolve); });
  tended.visit(items, signal);
  expect(began).toEqual(['slow', 'quick', 'quick']);
  const ended = tended.ended().then(() => began.push('ended'));
  hung.resolve();
  await ended;
  tended.visit(items, AbortSignal.abort());
  expect(began).toEqual(['slow', 'quick', 'quick', 'ended']);
});
