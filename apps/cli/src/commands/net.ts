import path from 'node:path';
import type { NetRow } from '@neurodata/node';
import { Command, Option } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { clean, colours, short, table, toJson } from '../output.ts';
import { countFrom } from '../parse.ts';

const main = path.resolve(import.meta.dirname, '../main.ts');

export function netCommand(): Command {
  const net = new Command('net');
  net.command('up').description('start it, or take up the one in the folder; stays until Ctrl-C')
    .option('--validators <number>', 'how many validators', countFrom(3, 20), 7)
    .option('--workers <number>', 'how many workers', countFrom(1, 8), 2)
    .option('--gateways <number>', 'how many gateways', countFrom(1, 4), 2)
    .option('--port <number>', 'the first of its ports; the first gateway has it (default: NEURODATA_PORT or 4000)', countFrom(0, 65_000))
    .addOption(folderOption())
    .action(act(up));
  net.command('status').description('the table of its nodes').addOption(folderOption()).action(act(status));
  net.command('restart').description('end a node\'s process and start it again, or start it where it is down').argument('<name>', 'of the node, e.g. validator-3').addOption(folderOption())
    .action(act(async (context, name: string, options: FolderOption) => {
      const { requestRestart } = await import('@neurodata/node');
      const row = await requestRestart(folderOf(context, options), name);
      return { value: row, text: `${row.name} is ready again, as process ${row.pid}.` };
    }));
  return net;
}

type FolderOption = { dir?: string };
type UpOptions = FolderOption & { validators: number; workers: number; gateways: number; port?: number };

function folderOption(): Option {
  return new Option('--dir <folder>', 'where all its state and logs are (default: "net" in NEURODATA_HOME)');
}

function folderOf(context: Context, { dir }: FolderOption): string {
  return path.resolve(dir ?? path.join(context.settings.home, 'net'));
}

async function up(context: Context, options: UpOptions): Promise<undefined> {
  const { runNet } = await import('@neurodata/node');
  const { validators, workers, gateways, port = Number(process.env['NEURODATA_PORT'] ?? 4000) } = options;
  const folder = folderOf(context, options);
  if (process.env['NEURODATA_WEB'] !== '0') {
    // Once, before several gateways would.
    const { ensureWebBuilt } = await import('../../../web/build.ts');
    await ensureWebBuilt({ log: context.say });
  }
  context.say(`starting 1 chain, ${gateways} gateways, ${validators} validators, ${workers} workers in ${folder}`);
  const { show, say } = createScreen(context);
  await runNet({ folder, size: { validators, workers, gateways }, port, command: [process.execPath, main], environment: process.env, say, show });
  return undefined;
}

/** On a terminal the table is drawn over itself; elsewhere it is printed once, when all nodes are ready. */
function createScreen(context: Context): { show(rows: NetRow[]): void; say(line: string): void } {
  let drawn = 0;
  let last = '';
  const live = process.stdout.isTTY && !context.json;
  return {
    say: (line) => {
      context.say(line);
      // The table stands above that line now: the next one comes below it.
      if (live) [drawn, last] = [0, ''];
    },
    show: (rows) => {
      const text = context.json ? toJson(rows) : tableOf(rows);
      if (text === last || (last !== '' && !live)) return;
      process.stdout.write(`${live && drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : ''}${text}\n`);
      last = text;
      drawn = text.split('\n').length;
    },
  };
}

async function status(context: Context, options: FolderOption): Promise<Result> {
  const { readNet, readPlan } = await import('@neurodata/node');
  const folder = folderOf(context, options);
  const plan = await readPlan(folder);
  const rows = plan ? await readNet(folder, plan) : [];
  return { value: rows, text: tableOf(rows, `There is no network in ${folder}; \`npm run net\` starts one.`), failed: rows.length === 0 || rows.some(({ state }) => state !== 'ready') };
}

function stateOf({ state, reason }: NetRow): string {
  if (state === 'ready') return colours.green('✓ ready');
  return state === 'down' ? colours.red('✗ down') : colours.yellow(`… ${short(clean(reason ?? 'not ready'), 40)}`);
}

function tableOf(rows: NetRow[], nothing = ''): string {
  return table(['node', 'role', 'process', 'port', 'height', 'last duty', 'state'], rows.map((row) => [
    row.name, row.role, row.pid === null ? '-' : String(row.pid), String(row.port), row.height === null ? '-' : String(row.height),
    row.lastDuty ? `${new Date(row.lastDuty.at * 1000).toLocaleTimeString('sv-SE')} ${short(clean(row.lastDuty.what), 44)}` : '-', stateOf(row),
  ]), nothing);
}
