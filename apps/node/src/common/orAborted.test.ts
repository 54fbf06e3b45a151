import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { orAborted } from './orAborted.ts';

test('work that is given up ends at once, before or while it is under way, and its failure is not left unhandled', async () => {
  const failures: unknown[] = [];
  const note = (error: unknown): void => void failures.push(error);
  process.on('unhandledRejection', note);
  const fail = async (): Promise<never> => {
    await sleep(20);
    throw new Error('too late');
  };
  const stop = new AbortController();
  const underWay = orAborted(fail(), stop.signal);
  stop.abort(new Error('stopped'));
  await expect(underWay).rejects.toThrow('stopped');
  await expect(orAborted(fail(), stop.signal)).rejects.toThrow('stopped');
  await expect(orAborted(fail(), new AbortController().signal)).rejects.toThrow('too late');
  expect(await orAborted(Promise.resolve(1), new AbortController().signal)).toBe(1);
  await sleep(60);
  process.off('unhandledRejection', note);
  expect(failures).toEqual([]);
});
