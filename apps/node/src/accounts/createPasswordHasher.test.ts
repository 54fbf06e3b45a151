import { expect, test } from 'vitest';
import { createPasswordHasher } from './createPasswordHasher.ts';

const password = 'correct horse battery';

test('hashes are Argon2id at the cost that OWASP names, and are made again when that changes', async () => {
  const cheap = createPasswordHasher({ cost: { memoryKib: 64, passes: 1, parallelism: 1 } });
  const today = createPasswordHasher();
  const old = await cheap.hash('Zoë knows it');
  expect(old).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  // Typed with a combining accent.
  expect([await today.verify('Zoë knows it', old), today.isOutdated(old), cheap.isOutdated(old)]).toEqual([true, true, false]);
  expect(await today.hash(password)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('a hash is computed for nobody, too, and takes as long', async () => {
  const hasher = createPasswordHasher();
  const hash = await hasher.hash(password);
  const time = async (stored: string | undefined): Promise<number> => {
    const started = performance.now();
    expect(await hasher.verify('something else', stored)).toBe(false);
    return performance.now() - started;
  };
  await time(hash);
  expect(await time(undefined)).toBeGreaterThan((await time(hash)) / 5);
});

test('more hashes than may wait are refused at once', async () => {
  const hasher = createPasswordHasher({ cost: { memoryKib: 64, passes: 1, parallelism: 1 }, atOnce: 1, mostWaiting: 2 });
  const results = await Promise.allSettled([1, 2, 3, 4].map(() => hasher.hash(password)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  expect(await hasher.verify(password, await hasher.hash(password))).toBe(true);
});
