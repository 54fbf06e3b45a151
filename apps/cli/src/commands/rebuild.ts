import { Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { clean, colours, table } from '../output.ts';
import { createProgress } from '../progress.ts';
import { confirm } from '../prompt.ts';

type RebuildOptions = { swap?: boolean };

export function indexCommand(): Command {
  const index = new Command('index');
  index.command('rebuild').description('build the index from block 0 beside the live one, and compare them row by row at the same block')
    .option('--swap', 'put the new rows in the place of the live ones')
    .action(act(rebuild));
  return index;
}

async function rebuild(context: Context, { swap = false }: RebuildOptions): Promise<Result> {
  if (swap) await confirm('Put the rebuilt rows in the place of the live ones?', context.yes);
  const { rebuildNodeIndex } = await import('@neurodata/node');
  const progress = createProgress('counts');
  const { database, block, rows, tables, events, differences, swapped } = await rebuildNodeIndex({
    environment: { ...process.env }, swap, onProgress: (stage, done, total) => progress.update(stage, done, total),
  }).finally(() => progress.stop());
  const same = differences.length === 0;
  const found = same ? `${colours.green('✓')} ${rows} rows in ${tables} tables are the same` : [
    `${colours.red('✗')} these tables differ:`,
    table(['table', 'rows', 'only in the live index', 'only in the rebuilt one'], differences.map((one) => [one.table, String(one.rows), clean(one.onlyHere[0] ?? '').slice(0, 60), clean(one.onlyThere[0] ?? '').slice(0, 60)]), ''),
  ].join('\n');
  const done = swapped ? 'The rebuilt rows are live now.' : same ? '' : 'Nothing was changed; --swap puts the rebuilt rows in place.';
  return {
    value: { database, block, events, rows, tables, differences, same, swapped }, failed: !same && !swapped,
    text: [`${database} at block ${block}, against ${events} events read anew:`, found, done].filter(Boolean).join('\n'),
  };
}
