import type { Command } from 'commander';
import { fraction, names, positiveInteger, seedNumber } from './parse.ts';

/** The options that say what to train: the same for a run on the market and for one here. */
export function addTrainOptions(command: Command): Command {
  return command
    .option('--algorithm <name>', 'see `neurodata algorithms`; by default the first that fits the target')
    .option('--task <name>', 'classification, regression, clustering or reduction; by default what fits algorithm and target')
    .option('--target <column>', 'the column to predict; none for clustering and reduction')
    .option('--features <list>', 'columns to learn from; by default all but target and weight', names)
    .option('--numeric <list>', 'features to read as numbers, whatever the table says', names)
    .option('--categorical <list>', 'features to read as categories, whatever the table says', names)
    .option('--weight <column>', 'a numeric column that says how much each row counts')
    .option('--set <name=value>', 'a parameter of the algorithm, or name=@file; may be repeated', (text: string, before: string[] = []) => [...before, text])
    .option('--try <name=values>', 'values of a parameter to search, as C=0.1,1,10 (lists of numbers with ; between them); may be repeated', (text: string, before: string[] = []) => [...before, text])
    .option('--tries <n>', 'try so many combinations drawn by the seed, instead of all', positiveInteger)
    .option('--best-by <score>', "the score that the search goes by; by default the task's main one")
    .option('--folds <n>', 'cross-validate on so many folds of the train rows', positiveInteger)
    .option('--impute <how>', 'missing numbers: mean, median, most-frequent, zero, or none where the algorithm takes them')
    .option('--scale <how>', 'numbers: standard or none')
    .option('--encode <how>', 'categories: one-hot or ordinal')
    .option('--seed <n>', 'of the split into train and test rows', seedNumber, 7)
    .option('--test-fraction <number>', 'part of the rows that is kept for the test', fraction, 0.25)
    .option('--max-steps <n>', "stop after so many of the engine's steps", positiveInteger, 100_000);
}
