import type { BoardEntry, LeaderboardDto } from '@neurodata/protocol';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { leaderboardOption } from './commands/jobs.ts';
import { leaderboardText } from './leaderboard.ts';
import { addTrainOptions } from './trainOptions.ts';

const split = { fixed: true, block: 43, blockHash: `0x${'b1'.repeat(32)}`, split: { rule: 'hash-rank', seed: 77, testFraction: 0.25 } } as const;
const empty: LeaderboardDto = { assetId: 1, version: 2, split, sections: [], waiting: 0, items: [] };
const account = `0x${'11'.repeat(20)}` as const;
const entry: BoardEntry = {
  rank: 1, jobId: `0x02${'a1'.repeat(31)}`, algorithm: 'logistic-regression', features: 4, scores: { accuracy: 0.975, logLoss: 0.1, balancedAccuracy: null }, testRows: 86, trainRows: 258, steps: 7, seconds: 3,
  cost: 4n * 10n ** 18n, price: 2n * 10n ** 18n, workerFee: 10n ** 18n, validationFee: 10n ** 18n, buyer: account, worker: account, engineId: `0x${'ee'.repeat(32)}`, openedAt: 1, receiptDigest: `0x${'cd'.repeat(32)}`, receiptCid: 'bafkrei', modelAssetId: 9,
};

test('a board that the chain has not fixed, and one without runs, say what is missing', () => {
  expect(leaderboardText({ ...empty, split: { fixed: false, block: 43 } })).toBe('Asset 1 version 2 has no leaderboard yet: block 43 decides which rows are held out, and is not finalized.');
  expect(leaderboardText(empty)).toMatch(/25% of the rows, seed 77, fixed by block 43\n\nNo runs yet\. Be the first: neurodata jobs run --asset 1 --target <column> --leaderboard$/);
  expect(leaderboardText(empty, { target: 'species' })).toMatch(/No runs yet that predict species\. .*--target species --leaderboard$/);
});

test('a board is a table, led by the score that it is sorted by', () => {
  const board: LeaderboardDto = {
    ...empty, waiting: 1, next: 1, items: [entry], section: { task: 'classification', target: 'species\u001b[2J', sort: 'logLoss', better: 'lower' },
    sections: [{ task: 'classification', target: 'species\u001b[2J', runs: 2 }, { task: 'regression', target: 'mass', runs: 1 }],
  };
  expect(leaderboardText(board)).toMatchInlineSnapshot(`
    "Asset       1 version 2
    Held out    25% of the rows, seed 77, fixed by block 43
    Predicts    species[2J, classification; sorted by logLoss, lower is better
    Also        mass (regression, 1)
    On the way  1 without a final verdict

    rank  algorithm            Log loss  Accuracy  Balanced accuracy  cost   time  steps  run              model
    1     logistic-regression  0.1000    97.50 %   -                  4 NCR  3 s   7      0x02a1a1a1…a1a1  asset 9
    More: --cursor 1"
  `);
});

test('--leaderboard fixes the split, so a seed or a share beside it is refused', () => {
  const parse = (...words: string[]): unknown => addTrainOptions(new Command()).addOption(leaderboardOption()).exitOverride().configureOutput({ writeErr: () => undefined }).parse(words, { from: 'user' }).opts();
  expect(parse('--leaderboard')).toMatchObject({ leaderboard: true });
  expect(parse('--seed', '9')).toMatchObject({ seed: 9 });
  expect(() => parse('--leaderboard', '--seed', '9')).toThrow("option '--leaderboard' cannot be used with option '--seed <n>'");
  expect(() => parse('--leaderboard', '--test-fraction', '0.5')).toThrow("option '--leaderboard' cannot be used with option '--test-fraction <number>'");
});
