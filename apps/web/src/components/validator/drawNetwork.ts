import type { Network, ValidatorDto } from '@neurodata/protocol';

export const WIDTH = 360;
export const HEIGHT = 300;
const RING = 112;
const LEAST_RADIUS = 11;
const MOST_RADIUS = 18;

/** A validator in the drawing: where, how large, and what it has a part in. */
export type Member = { validatorId: number; x: number; y: number; radius: number; active: boolean; stake: bigint; keys: number; openRounds: number; sharesWith: number[] };
/** Two that hold parts of the same keys, and of how many. */
export type Bond = { from: Member; to: Member; keys: number };

/** Places validators on a ring, as large as their stake, and joins those that hold parts of the same keys. Who has left and has no part in anything is not in it. */
export function drawNetwork({ validators, network: { rounds, keysets } }: { validators: readonly ValidatorDto[]; network: Network }): { members: Member[]; bonds: Bond[] } {
  const open = rounds.filter(({ settled }) => !settled);
  const held = (id: number): Network['keysets'] => keysets.filter(({ holders }) => holders.includes(id));
  const inRounds = (id: number): number => open.filter(({ committee }) => committee.some(({ validatorId }) => validatorId === id)).length;
  const shown = validators.filter(({ validatorId, active }) => active || held(validatorId).length > 0 || inRounds(validatorId) > 0);
  const most = shown.reduce((sum, { stake }) => (stake > sum ? stake : sum), 1n);
  const crowd = Math.max(LEAST_RADIUS, Math.min(MOST_RADIUS, (Math.PI * RING) / Math.max(shown.length, 1) - 3));
  const members = shown.map(({ validatorId, active, stake }, index): Member => {
    const angle = (index / shown.length) * 2 * Math.PI - Math.PI / 2;
    const keys = held(validatorId);
    // Areas, not radii, are as the stake is.
    const size = Math.sqrt(Number((stake * 10_000n) / most) / 10_000);
    return {
      validatorId, active, stake, keys: keys.length, openRounds: inRounds(validatorId),
      x: WIDTH / 2 + (shown.length > 1 ? RING * Math.cos(angle) : 0), y: HEIGHT / 2 + (shown.length > 1 ? RING * Math.sin(angle) : 0), radius: LEAST_RADIUS + (crowd - LEAST_RADIUS) * size,
      sharesWith: [...new Set(keys.flatMap(({ holders }) => holders))].filter((other) => other !== validatorId).sort((a, b) => a - b),
    };
  });
  const bonds = members.flatMap((from, index) => members.slice(index + 1).flatMap((to): Bond[] => {
    const keys = keysets.filter(({ holders }) => holders.includes(from.validatorId) && holders.includes(to.validatorId)).length;
    return keys === 0 ? [] : [{ from, to, keys }];
  }));
  return { members, bonds };
}

/** The outline of those of a group, in the order of the ring. */
export function outline(members: readonly Member[], group: readonly number[]): string {
  return members.filter(({ validatorId }) => group.includes(validatorId)).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
}
