import { NeuroError } from '@neurodata/protocol';
import { toNeuroError } from '@neurodata/sdk';
import { Command, CommanderError } from 'commander';
import { nouns } from './nouns.ts';
import { clean, colours, toJson } from './output.ts';
import { readCliSettings } from './settings.ts';

/** With the verbs of the nouns among `words`, of all where there are none. */
export async function createProgram(words?: readonly string[]): Promise<Command> {
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
  for (const [name, { about, load }] of Object.entries(nouns)) {
    const noun = words === undefined || words.includes(name) ? await load() : new Command(name);
    program.addCommand(inheriting(noun.description(about), program));
  }
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
    await (await createProgram(words)).parseAsync(words, { from: 'user' });
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
