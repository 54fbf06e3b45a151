import { expect, test } from 'vitest';
import { train } from '../src/index.ts';
import { slotsFor } from '../src/algorithms/rows/rowShares.ts';
import { startNodeMember } from '../src/team/startNodeMember.ts';
import { bytesOf, specOf } from './spec.ts';

const names = Array.from({ length: 372 }, (_, index) => `x${index}`);
const rows = Array.from({ length: 40 }, (_, row) => [row % 2 === 0 ? 'yes' : 'no', row, ...names.map((__, column) => Math.sin(row * (1.3 + column * column)).toFixed(9))].join(','));
const csv = bytesOf([['y', 'n', ...names].join(','), ...rows].join('\n'));
const features = names.map((name) => ({ name, kind: 'numeric' as const }));
const limits = { maxSteps: 30, maxBytes: 2 ** 30 };

test('sums so large that rows are in fewer slots: the same bits in any number of threads', async () => {
  expect([slotsFor(300 * 300), slotsFor(372 * 373), slotsFor(4_000 * 4_000)]).toEqual([16, 8, 1]);
  for (const [algorithm, target] of [['logistic-regression', 'y'], ['ridge-regression', 'n'], ['pca', null]] as const) {
    const spec = specOf('y', features, { algorithm, target, limits, parameters: algorithm === 'pca' ? { n_components: 3 } : {} });
    const alone = await train({ csv, spec });
    for (const threads of [2, 3]) expect(await train({ csv, spec, threads, startMember: startNodeMember })).toEqual(alone);
  }
});
