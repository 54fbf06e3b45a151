import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StorageError } from '@neurodata/storage';
import type { Pinned, PinningTarget } from '@neurodata/storage/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../common/logger.ts';
import { createPinner } from './createPinner.ts';
import type { WantedPin } from './createPinner.ts';
import { pinFile } from './pinFile.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neurodata-pinner-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const MINUTE = 60_000;
const signal = new AbortController().signal;

/** Somebody else, who is away or refuses when a test says so. */
function keeper() {
  const pins = new Map<string, Pinned>();
  const state = { pins, away: false, refuses: '', asked: [] as string[], announced: [] as string[] };
  const down = (): void => {
    if (state.away) throw new StorageError({ code: 'UNREACHABLE', message: 'pins.example cannot be reached.' });
  };
  const target: PinningTarget = {
    name: 'pins.example',
    check: async () => (down(), 'pins.example'),
    pin: async ({ cid, name }) => {
      down();
      state.asked.push(cid);
      if (state.refuses === cid) throw new StorageError({ code: 'UNSUPPORTED', message: 'pins.example refused with 409.' });
      const pin: Pinned = pins.get(cid) ?? { cid, id: `id-${cid}`, name, state: 'queued' };
      pins.set(cid, pin);
      return pin;
    },
    status: async ({ cid, id }) => (down(), pins.get(cid) ?? { cid, id, name: '', state: 'none' }),
    unpin: async ({ cid }) => (down(), void pins.delete(cid)),
    list: async function* () { yield* pins.values(); },
    announce: async (cid) => void state.announced.push(cid),
  };
  return { state, target };
}

function world() {
  const { state, target } = keeper();
  const clock = { now: 1_000_000_000 };
  const wanted = { pins: [{ cid: 'a', name: 'asset 1' }, { cid: 'b', name: 'asset 2' }] as WantedPin[], complete: true };
  const file = path.join(folder, 'pins.json');
  const make = () => createPinner({ targets: [target], file: pinFile(file), wanted: async () => wanted, log: createLogger({ level: 'silent' }), now: () => clock.now });
  const states = async (): Promise<Record<string, string>> => Object.fromEntries(Object.entries((await pinFile(file).read())['pins.example'] ?? {}).map(([cid, entry]) => [cid, entry.state]));
  return { state, clock, wanted, file, make, states };
}

test('what is wanted is asked for, followed until it is there, and let go when it is wanted no more', async () => {
  const { state, clock, wanted, make, states } = world();
  const pinner = make();
  await pinner.step(signal);
  expect(await states()).toEqual({ a: 'queued', b: 'queued' });
  for (const pin of state.pins.values()) pin.state = 'pinned';
  await pinner.step(signal);
  expect(state.asked).toEqual(['a', 'b']);
  clock.now += 6 * MINUTE;
  expect(await pinner.step(signal)).toMatchObject({ pinned: 2, failed: 0 });
  expect(await pinner.count()).toEqual([{ target: 'pins.example', state: 'pinned', count: 2 }]);
  // A list that is not complete lets nothing go.
  Object.assign(wanted, { pins: [], complete: false });
  await pinner.step(signal);
  expect(state.pins.size).toBe(2);
  Object.assign(wanted, { pins: [{ cid: 'b', name: 'asset 2' }], complete: true });
  expect(await pinner.step(signal)).toMatchObject({ unpinned: 1 });
  expect([...state.pins.keys()]).toEqual(['b']);
});

test('what they lost is asked for again within a day', async () => {
  const { state, clock, make, states } = world();
  const pinner = make();
  await pinner.step(signal);
  for (const pin of state.pins.values()) pin.state = 'pinned';
  clock.now += 6 * MINUTE;
  await pinner.step(signal);
  state.pins.delete('a');
  clock.now += 25 * 60 * MINUTE;
  await pinner.step(signal);
  expect([state.pins.has('a'), (await states())['a']]).toEqual([true, 'queued']);
});

test('while they are away the intent is kept, also through a crash; once they answer it is done at once, and what is there is announced anew', async () => {
  const { state, clock, wanted, make, states } = world();
  await make().step(signal);
  for (const pin of state.pins.values()) pin.state = 'pinned';
  clock.now += 6 * MINUTE;
  const before = make();
  await before.step(signal);
  state.away = true;
  wanted.pins.push({ cid: 'c', name: 'asset 3' });
  expect(await before.step(signal)).toMatchObject({ unreachable: ['pins.example'] });
  expect(await states()).toEqual({ a: 'pinned', b: 'pinned', c: 'wanted' });
  state.away = false;
  const after = make();
  await after.step(signal);
  expect(state.pins.has('c')).toBe(true);
  // The one that saw them go tells them again.
  await before.step(signal);
  expect(state.announced).toEqual(['a', 'b']);
});

test('a refusal waits twice as long each time, up to six hours, and does not hold up the others', async () => {
  const { state, clock, make, states, file } = world();
  state.refuses = 'a';
  const pinner = make();
  expect(await pinner.step(signal)).toMatchObject({ failed: 1 });
  expect(await states()).toEqual({ a: 'failed', b: 'queued' });
  const dueAt = async (): Promise<number> => (await pinFile(file).read())['pins.example']!['a']!.dueAt;
  const waits: number[] = [];
  while (waits.length < 11) {
    const due = await dueAt();
    waits.push((due - clock.now) / MINUTE);
    clock.now = due - 1;
    await pinner.step(signal);
    expect(await dueAt()).toBe(due);
    clock.now = due;
    await pinner.step(signal);
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
});

test('a damaged file is named, and not written over', async () => {
  const { make, file } = world();
  await writeFile(file, '{"version":1,"tar');
  await expect(make().step(signal)).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
  expect(await readFile(file, 'utf8')).toBe('{"version":1,"tar');
});
