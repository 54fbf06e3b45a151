import { NeuroError } from '@neurodata/protocol';
import { toNeuroError } from '@neurodata/sdk';
import { Command, CommanderError } from 'commander';
import { accountCommand } from './commands/account.ts';
import { adminCommand } from './commands/admin.ts';
import { algorithmsCommand } from './commands/algorithms.ts';
import { assetsCommand } from './commands/assets.ts';
import { authCommand } from './commands/auth.ts';
import { curationCommand } from './commands/curation.ts';
import { datasetsCommand } from './commands/datasets.ts';
import { databaseCommand } from './commands/database.ts';
import { dealsCommand } from './commands/deals.ts';
import { deployCommand } from './commands/deploy.ts';
import { disputesCommand } from './commands/disputes.ts';
import { governanceCommand } from './commands/governance.ts';
import { guardianCommand } from './commands/guardian.ts';
import { jobsCommand } from './commands/jobs.ts';
import { juryCommand } from './commands/jury.ts';
import { keysCommand } from './commands/keys.ts';
import { liquidityCommand } from './commands/liquidity.ts';
import { modelsCommand } from './commands/models.ts';
import { netCommand } from './commands/net.ts';
import { nodeCommand } from './commands/node.ts';
import { notificationsCommand } from './commands/notifications.ts';
import { offersCommand } from './commands/offers.ts';
import { ordersCommand } from './commands/orders.ts';
import { indexCommand } from './commands/rebuild.ts';
import { resetCommand } from './commands/reset.ts';
import { reviewsCommand } from './commands/reviews.ts';
import { runsCommand } from './commands/runs.ts';
import { sellersCommand } from './commands/sellers.ts';
import { stakeCommand } from './commands/stake.ts';
import { statsCommand } from './commands/stats.ts';
import { subscriptionsCommand } from './commands/subscriptions.ts';
import { trainCommand } from './commands/train.ts';
import { validatorCommand } from './commands/validator.ts';
import { webhooksCommand } from './commands/webhooks.ts';
import { workersCommand } from './commands/workers.ts';
import { clean, colours, toJson } from './output.ts';
import { readCliSettings } from './settings.ts';

export function createProgram(): Command {
  const program = new Command('neurodata')
    .description('A marketplace for datasets and AI models with verifiable training.')
    .version('0.1.0')
    .option('--json', 'print one JSON value on stdout; progress stays on stderr')
    .option('--url <url>', 'the node to talk to (default: NEURODATA_URL, or http://localhost with NEURODATA_PORT or 4000)')
    .option('--as <name>', 'act as this demo account; "env" takes the key in NEURODATA_PRIVATE_KEY')
    .option('-y, --yes', 'say yes to every question')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Add --help to see how it is used.')
    .exitOverride();
  const nouns = [datasetsCommand(), assetsCommand(), ordersCommand(), jobsCommand(), runsCommand(), modelsCommand(), algorithmsCommand(), trainCommand(), accountCommand(), authCommand(), nodeCommand(), netCommand(), keysCommand(), resetCommand(), indexCommand(), databaseCommand(), deployCommand(), governanceCommand(), stakeCommand(), dealsCommand(), disputesCommand(), juryCommand(), liquidityCommand(), guardianCommand(), reviewsCommand(), offersCommand(), curationCommand(), subscriptionsCommand(), validatorCommand(), workersCommand(), sellersCommand(), statsCommand(), adminCommand(), notificationsCommand(), webhooksCommand()];
  for (const noun of nouns) program.addCommand(inheriting(noun, program));
  return program;
}

/** Commands made apart from the program do not take over its settings by themselves. */
function inheriting(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheriting(child, command);
  return command;
}

/** Runs one command line; returns the exit code: 0 done, 1 failed or refused, 2 wrong usage. */
export async function runProgram(words: string[]): Promise<number> {
  try {
    await createProgram().parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    report(error, words.includes('--json'));
    return 1;
  }
}

/** The error on stderr in one line, what else is known below; in JSON mode also as the value on stdout. */
export function report(error: unknown, json: boolean): void {
  const { debug } = readCliSettings();
  const foreign = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const known = toNeuroError(error);
  const code = error instanceof NeuroError ? error.code : known.code === 'INTERNAL' && foreign ? foreign : known.code;
  const unexpected = code === 'INTERNAL' && !debug;
  const lines = [
    `${colours.red('error:')} ${clean(known.message)} ${colours.dim(`(${code})`)}`,
    ...(known.details ? clean(known.details).split('\n').map((line) => `  ${line}`) : []),
    ...(unexpected ? ['  Set NEURODATA_DEBUG=1 to see where it came from.'] : []),
    ...(debug && error instanceof Error ? [error.stack ?? '', error.cause instanceof Error ? `caused by ${error.cause.stack ?? ''}` : ''] : []),
  ];
  process.stderr.write(`${lines.filter((line) => line !== '').join('\n')}\n`);
  if (json) process.stdout.write(`${toJson({ error: { code, message: shortMessage(known), remedy: known.remedy, details: known.details } })}\n`);
}

/** The message without the remedy that `NeuroError` puts behind it. */
function shortMessage({ message, remedy }: NeuroError): string {
  return remedy && message.endsWith(remedy) ? message.slice(0, -remedy.length).trimEnd() : message;
}
