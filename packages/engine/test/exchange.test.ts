import { expect, test } from 'vitest';
import { outboxBytes } from '../src/team/exchange.ts';
import type { Op } from '../src/team/ops.ts';
import { startNodeMember } from '../src/team/startNodeMember.ts';
import { createTeam } from '../src/team/team.ts';

const SIZE = 3;
const BYTES = Math.floor(outboxBytes / (SIZE - 1) / 8) * 8;

/** Every member hands the first half of its outbox to the next one and the second half to the one after. */
function passOn(member: number, own: number, inbox: number): Op[] {
  return [
    { give: own, bytes: BYTES, at: 0 }, { give: own, bytes: BYTES, at: BYTES },
    { meet: true },
    { take: inbox, bytes: BYTES, from: (member + 1) % SIZE, at: 0 }, { take: inbox + BYTES, bytes: BYTES, from: (member + 2) % SIZE, at: BYTES },
    { read: inbox, bytes: 2 * BYTES },
  ];
}

test('members hand bytes to each other in the middle of a round, again and again', async () => {
  const team = await createTeam({ threads: SIZE, startMember: startNodeMember });
  try {
    const own = team.allocate(() => BYTES);
    const inbox = team.allocate(() => 2 * BYTES);
    for (let turn = 1; turn <= 50; turn += 1) {
      for (const [member, pointer] of own.entries()) team.write(member, pointer, new Uint8Array(BYTES).fill(turn + 100 * member));
      const answers = team.round((member) => passOn(member, own[member] ?? 0, inbox[member] ?? 0));
      for (const [member, list] of answers.entries()) {
        const got = list.at(-1) as Uint8Array;
        expect([got[0], got[BYTES - 1], got[BYTES], got.at(-1)]).toEqual([1, 1, 2, 2].map((away) => (turn + 100 * ((member + away) % SIZE)) & 255));
      }
    }
  } finally {
    team.close();
  }
});

test.each([0, 1, 2])('who waits for a member that traps is told, whoever it is: %s', async (bad) => {
  const team = await createTeam({ threads: SIZE, startMember: startNodeMember });
  try {
    expect(() => team.round((member) => [...(member === bad ? [{ call: 'exp', args: [NaN] }] : []), { meet: true }])).toThrow(expect.objectContaining({ code: 'NOT_FINITE' }));
  } finally {
    team.close();
  }
});
