import { type Interval, type Metric, type Series, intervals, metrics } from '@neurodata/protocol';
import { Argument, Command, Option } from 'commander';
import { type Context, type Result, accountNamed, act } from '../context.ts';
import { printCsv } from '../fetchCsv.ts';
import { facts, ncr, shortId, sparkline, table, when } from '../output.ts';
import { seconds } from '../parse.ts';
import { amountText } from '../tokens.ts';

type Range = { from?: number; to?: number; csv?: boolean };

const ranged = (command: Command): Command => command.addOption(new Option('--from <time>', 'a date like 2026-01-31, or Unix seconds; the newest days by default').argParser(seconds))
  .addOption(new Option('--to <time>', 'the same').argParser(seconds)).option('--csv', 'a sheet on stdout (RFC 4180, amounts in base units)');

export function statsCommand(): Command {
  const stats = new Command('stats');
  stats.addCommand(ranged(new Command('series').description('a figure over time').addArgument(new Argument('<metric>').choices([...metrics]))
    .addOption(new Option('--interval <interval>').choices([...intervals]).default('day')).option('--account <account>', 'only of this one: its address, or the name of a demo account')).action(act(series)));
  stats.addCommand(ranged(new Command('flows').description('every amount that an event names, newest first').option('--account <account>', 'only where it is a side')).action(act(flows)));
  stats.addCommand(ranged(new Command('validators').description('what validators did, missed and lost')).action(act(validators)));
  stats.addCommand(ranged(new Command('training').description('jobs and workers now, and what came of jobs')).action(act(training)));
  stats.addCommand(ranged(new Command('mine').description('views, buyers, runs and income of what the linked wallets own or sell; sign in first')).action(act(mine)));
  return stats;
}

const rangeOf = ({ from, to }: Range): { from?: number; to?: number } => ({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });

async function money(context: Context, token: `0x${string}` | null, amount: bigint): Promise<string> {
  return token === null ? ncr(amount) : amountText(await context.client(), token, amount);
}

async function series(context: Context, metric: Metric, options: Range & { interval: Interval; account?: string }): Promise<Result | undefined> {
  const query = { metric, interval: options.interval, ...rangeOf(options), ...(options.account === undefined ? {} : { account: await accountNamed(context, options.account) }) };
  if (options.csv) return void (await printCsv(context, 'stats/series', query));
  const answer = await context.api.getSeries(query);
  return { value: answer, text: await seriesText(context, answer) };
}

async function seriesText(context: Context, { metric, interval, level, points, totals }: Series): Promise<string> {
  const lines = await Promise.all(totals.map(async ({ token, amount, count }) => {
    const values = points.map(({ values: all }) => all.find((value) => value.token === token)?.amount ?? 0n);
    const highest = values.reduce((most, value) => (value > most ? value : most), 1n);
    return [await money(context, token, amount), String(count), sparkline(values.map((value) => Number((value * 1_000n) / highest)))];
  }));
  return `${metric} by ${interval}, ${when(points[0]?.start ?? 0)} to ${when(points.at(-1)?.end ?? 0)}\n${table([level ? 'now' : 'in all', 'count', ''], lines, 'Nothing.')}`;
}

async function flows(context: Context, options: Range & { account?: string }): Promise<Result | undefined> {
  const query = { ...rangeOf(options), ...(options.account === undefined ? {} : { account: await accountNamed(context, options.account) }) };
  if (options.csv) return void (await printCsv(context, 'stats/flows', query));
  const { items } = await context.api.listFlows({ ...query, limit: 100 });
  const rows = await Promise.all(items.map(async ({ at, kind, token, amount, account, assetId, subject }) => [when(at), kind, await money(context, token, amount), account === undefined ? '' : shortId(account), assetId === undefined ? '' : String(assetId), shortId(subject.slice(subject.indexOf(':') + 1))]));
  return { value: { items }, text: table(['when', 'what', 'amount', 'whose', 'asset', 'about'], rows, 'Nothing moved.') };
}

async function validators(context: Context, options: Range): Promise<Result | undefined> {
  if (options.csv) return void (await printCsv(context, 'stats/validators', rangeOf(options)));
  const { items } = await context.api.listValidatorHealth(rangeOf(options));
  const rows = items.map(({ validatorId, account, active, stake, rounds, revealed, missed, faults, penalties, earned }) => [String(validatorId), shortId(account), active ? 'active' : 'left', ncr(stake), String(rounds), String(revealed), String(missed), String(faults), ncr(penalties), ncr(earned)]);
  return { value: { items }, text: table(['id', 'account', '', 'stake', 'rounds', 'revealed', 'missed', 'faults', 'lost', 'earned'], rows, 'No validators.') };
}

async function training(context: Context, options: Range): Promise<Result | undefined> {
  if (options.csv) return void (await printCsv(context, 'stats/training', rangeOf(options)));
  const load = await context.api.getTrainingLoad(rangeOf(options));
  const { open, running, checked, workers, cores, memoryMiB, opened, settled, slashed, refunded, units, waitSeconds, runSeconds } = load;
  return {
    value: load,
    text: facts([
      ['Now', `${open} wait, ${running} run, ${checked} are checked`], ['Workers', `${workers}, ${cores} cores, ${memoryMiB} MiB`], ['In the range', `${opened} opened (${units} units), ${settled} settled, ${slashed} slashed, ${refunded} refunded`],
      ['Waiting', waitSeconds === null ? undefined : `${waitSeconds} s (median)`], ['Running', runSeconds === null ? undefined : `${runSeconds} s (median)`],
    ]),
  };
}

async function mine(context: Context, options: Range): Promise<Result | undefined> {
  if (options.csv) return void (await printCsv(context, 'publisher', rangeOf(options)));
  const found = await context.api.getPublisher(rangeOf(options));
  const rows = await Promise.all(found.items.map(async ({ assetId, title, views, buyers, orders, runs, verifiedRuns, trained, income }) => [
    String(assetId), title.slice(0, 40), String(views), String(buyers), String(orders), `${verifiedRuns} of ${runs}`, String(trained), (await Promise.all(income.map(({ token, sales, runs: fromRuns, subscriptions }) => money(context, token, sales + fromRuns + subscriptions)))).join(', '),
  ]));
  return { value: found, text: table(['asset', 'title', 'views', 'buyers', 'orders', 'verified runs', 'trained', 'income'], rows, found.wallets.length === 0 ? 'No wallet is linked to this account.' : 'Nothing is owned or sold.') };
}
