import { expect, test } from 'vitest';
import { train } from '../src/index.ts';
import { startNodeMember } from '../src/team/startNodeMember.ts';
import { createTeam, parts, partStart, partsOf } from '../src/team/team.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from './datasets.ts';

test.each([1, 2, 3, 4, 16])('%s threads give the bits of one', async (threads) => {
  for (const [csv, spec] of [[penguinsCsv(), penguinsSpec], [weatherCsv(), weatherSpec]] as const) {
    const alone = await train({ csv, spec });
    expect(await train({ csv, spec, threads, startMember: startNodeMember })).toEqual(alone);
  }
});

test('parts cover all rows once, whatever the number of rows and members', () => {
  for (const rows of [0, 1, 5, 16, 17, 100_003]) {
    expect(partStart(rows, 0)).toBe(0);
    expect(partStart(rows, parts)).toBe(rows);
    for (let size = 1; size <= parts; size += 1) {
      const owned = Array.from({ length: size }, (_, member) => partsOf(member, size));
      expect(owned.flatMap(([first, end]) => Array.from({ length: end - first }, (_, index) => first + index))).toEqual(Array.from({ length: parts }, (_, part) => part));
    }
  }
});

test('a team copies memory in and out, over more than one round', async () => {
  const team = await createTeam({ threads: 2, startMember: startNodeMember });
  try {
    const length = 9_000_001;
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 31) & 255);
    for (const [member, pointer] of team.allocate(() => length).entries()) {
      team.write(member, pointer, bytes);
      expect(Buffer.compare(team.read(member, pointer, length), bytes)).toBe(0);
    }
  } finally {
    team.close();
  }
});

test('a trap in any member is an error of the numbers', async () => {
  const team = await createTeam({ threads: 2, startMember: startNodeMember });
  try {
    for (const bad of [0, 1]) expect(() => team.call('exp', (member) => [member === bad ? NaN : 0])).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
    expect(team.call('exp', () => [0])).toEqual([1, 1]);
  } finally {
    team.close();
  }
});
