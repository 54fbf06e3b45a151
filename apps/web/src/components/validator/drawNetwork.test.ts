import type { Network, ValidatorDto } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { drawNetwork, outline } from './drawNetwork.ts';

const validator = (validatorId: number, stake: bigint, active = true): ValidatorDto => ({ validatorId, stake, active, account: '0x00', encryptionKey: '0x00', endpoint: '', rounds: 0, revealed: 0, earned: 0n });
const keyset = (assetId: number, holders: number[]): Network['keysets'][number] => ({ assetId, kind: 'dataset', title: `asset ${assetId}`, version: 1, status: 'live', holders, threshold: 2, epoch: 0 });
const round = (committee: number[], settled: boolean): Network['rounds'][number] => ({
  roundId: '0x00', kind: 'version', subject: '0x00', fee: 0n, verdict: 'none', settled, openedAt: 0,
  committee: committee.map((validatorId) => ({ validatorId, account: '0x00', committed: false, verdict: 'none', reward: 0n, accusers: 0 })),
});

test('who holds parts of the same keys is joined; who left and has a part in nothing is not drawn', () => {
  const validators = [validator(1, 400n), validator(2, 100n), validator(3, 100n, false), validator(4, 0n, false)];
  const { members, bonds } = drawNetwork({ validators, network: { rounds: [round([1, 2], false), round([2, 3], true)], keysets: [keyset(1, [1, 2]), keyset(2, [1, 2, 3])] } });
  expect(members.map(({ validatorId, active, keys, openRounds, sharesWith }) => [validatorId, active, keys, openRounds, sharesWith])).toEqual([[1, true, 2, 1, [2, 3]], [2, true, 2, 1, [1, 3]], [3, false, 1, 0, [1, 2]]]);
  expect(bonds.map(({ from, to, keys }) => [from.validatorId, to.validatorId, keys])).toEqual([[1, 2, 2], [1, 3, 1], [2, 3, 1]]);
  expect(members[0]!.radius).toBeGreaterThan(members[1]!.radius);
  expect(outline(members, [3, 1]).split(' ')).toHaveLength(2);
});

test('neither nobody nor as many as there may be leave the drawing', () => {
  expect(drawNetwork({ validators: [], network: { rounds: [], keysets: [] } })).toEqual({ members: [], bonds: [] });
  const { members } = drawNetwork({ validators: Array.from({ length: 64 }, (_, index) => validator(index + 1, 5n)), network: { rounds: [], keysets: [] } });
  for (const { x, y, radius } of members) expect([x > radius, x < 360 - radius, y > radius, y < 300 - radius]).toEqual([true, true, true, true]);
});
