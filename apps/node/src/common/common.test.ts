import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createChanges } from './changes.ts';
import { createLogger } from './logger.ts';
import { mapLimited } from './mapLimited.ts';
import { retry, withDeadline } from './retry.ts';
import { storable, storableJson } from './storable.ts';

test('the log shows no secrets, down to two levels', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  log.info({ privateKey: 'S1', account: { secret: 'S2', name: 'alice' }, deep: { er: { share: 'S3' } } }, 'hello');
  expect(lines.join('')).not.toMatch(/S[123]/);
  expect(JSON.parse(lines[0]!)).toMatchObject({ privateKey: '[redacted]', account: { name: 'alice' }, msg: 'hello' });
});

test('retry waits longer after each failure, and ends when it is told to', async () => {
  const waits: number[] = [];
  let calls = 0;
  const work = async (): Promise<string> => {
    calls += 1;
    if (calls < 4) throw new Error('not yet');
    return 'done';
  };
  const onFailure = (_error: unknown, waitMs: number): void => void waits.push(waitMs);
  expect(await retry(work, { signal: new AbortController().signal, firstMs: 2, maxMs: 6, onFailure })).toBe('done');
  expect(waits).toEqual([2, 4, 6]);

  const abort = new AbortController();
  const endless = retry(() => Promise.reject(new Error('never')), { signal: abort.signal, firstMs: 5, maxMs: 5 });
  setTimeout(() => abort.abort(), 20);
  await expect(endless).rejects.toThrow(/abort/);
});

test('a deadline names what was late', async () => {
  expect(await withDeadline(Promise.resolve(1), { ms: 50, what: 'The peer' })).toBe(1);
  await expect(withDeadline(sleep(1000), { ms: 5, what: 'The peer' })).rejects.toThrow('The peer did not answer within 5 ms.');
});

test('mapLimited keeps the order and the limit', async () => {
  let running = 0;
  let most = 0;
  const doubled = await mapLimited([5, 1, 4, 2, 3], 2, async (n) => {
    running += 1;
    most = Math.max(most, running);
    await sleep(n);
    running -= 1;
    return n * 2;
  });
  expect([doubled, most]).toEqual([[10, 2, 8, 4, 6], 2]);
  await expect(mapLimited([1], 3, () => Promise.reject(new Error('bad')))).rejects.toThrow('bad');
});

test('changes reach those who listen now', () => {
  const changes = createChanges();
  const seen: number[] = [];
  const stop = changes.subscribe((change) => seen.push(change.block));
  changes.publish({ block: 1, topics: [] });
  stop();
  changes.publish({ block: 2, topics: [] });
  expect(seen).toEqual([1]);
});

test('text without what PostgreSQL refuses', () => {
  expect(storable('a\0b\ud800c')).toBe('ab\ufffdc');
  expect(storableJson({ 'k\0': ['\0', 1, null, { deep: '\udfff' }] })).toEqual({ k: ['', 1, null, { deep: '\ufffd' }] });
});
