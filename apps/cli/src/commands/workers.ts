import type { WorkerDto } from '@neurodata/protocol';
import { Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { clean, ncr, table } from '../output.ts';

export function workersCommand(): Command {
  const workers = new Command('workers');
  workers.command('list').description('offers, the cheapest first').option('--all', 'also those that have left').action(act(list));
  return workers;
}

async function list(context: Context, options: { all?: boolean }): Promise<Result> {
  const { items: known } = await context.api.listWorkers();
  const items = known.filter(({ active }) => active || options.all).toSorted((a, b) => Number(b.active) - Number(a.active) || (a.pricePerUnit < b.pricePerUnit ? -1 : 1));
  return { value: { items }, text: table(['account', 'per unit', 'cores', 'memory', 'engines', 'runs', 'lost', 'stake', 'endpoint'], items.map(rowOf), 'No workers yet.') };
}

function rowOf({ account, active, pricePerUnit, cores, memoryMiB, runtimes, runs, lost, stake, endpoint }: WorkerDto): string[] {
  return [account, active ? ncr(pricePerUnit) : 'left', String(cores), `${memoryMiB} MiB`, runtimes.map((id) => id.slice(0, 10)).join(' '), String(runs), String(lost), ncr(stake), clean(endpoint)];
}
