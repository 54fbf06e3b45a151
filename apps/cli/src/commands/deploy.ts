import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { clean, colours, facts } from '../output.ts';
import { readVariable } from '../settings.ts';

type Options = { rpc?: string; keyEnv?: string; params?: string; handOver?: boolean; out: string; check?: boolean; deployment?: string };

export function deployCommand(): Command {
  return new Command('deploy')
    .option('--rpc <url>', "the chain's JSON-RPC (for --check: this node's by default)")
    .option('--key-env <name>', "the environment variable that holds the deployer's private key")
    .option('--params <file>', 'parameters as JSON; what it leaves out is as usual')
    .option('--hand-over', 'the timelock owns everything from the first block on')
    .option('--out <file>', 'where the record goes; named again, an unfinished deployment goes on', 'deployment.json')
    .option('--check', 'list every role, owner, minter, budget, adapter and parameter, and compare code and values with the record')
    .option('--deployment <file>', "the record to check (this node's by default)")
    .action(act((context, options: Options) => (options.check ? check(context, options) : deploy(context, options))));
}

function needed(value: string | undefined, option: string): string {
  if (value !== undefined) return value;
  throw new NeuroError(`${option} is missing.`, { code: 'BAD_INPUT', remedy: 'Deploying needs --rpc and --key-env; add --check to read a deployment back.' });
}

async function deploy(context: Context, options: Options): Promise<Result> {
  const rpc = needed(options.rpc, '--rpc');
  const name = needed(options.keyEnv, '--key-env');
  const key = readVariable(name);
  if (key === undefined) throw new NeuroError(`The environment variable ${name} is not set.`, { code: 'BAD_INPUT', remedy: "Put the deployer's private key into it." });
  // Loaded here only: other commands start faster without it.
  const { deployByRpc } = await import('@neurodata/node/chain');
  const out = path.resolve(options.out);
  const { verification, ...deployment } = await deployByRpc({
    rpc, key, out, log: context.say, ...(options.params === undefined ? {} : { paramsFile: options.params }), ...(options.handOver ? { handOver: true } : {}),
  });
  const text = [facts(Object.entries(deployment.addresses)), `Record: ${out}`, `Source verification: ${verification}`].join('\n');
  return { value: { ...deployment, record: out, verification }, text };
}

async function check(context: Context, options: Options): Promise<Result> {
  const { checkByRpc } = await import('@neurodata/node/chain');
  const file = options.deployment ?? path.join(context.settings.home, 'deployment.json');
  const found = await checkByRpc({ rpc: options.rpc ?? `${context.url}/rpc`, file });
  const wrong = found.filter(({ agrees }) => !agrees);
  const lines = found.map(({ contract, name, value, expected, agrees }) => {
    const mark = expected === undefined ? colours.dim('·') : agrees ? colours.green('✓') : colours.red('✗');
    return `${mark} ${contract} ${name}: ${clean(value)}${agrees ? '' : colours.red(` (expected ${clean(expected ?? '')})`)}`;
  });
  const summary = wrong.length === 0 ? `${found.length} facts, no difference.` : `${found.length} facts, ${wrong.length} differences.`;
  return { value: { facts: found, differences: wrong.length }, text: [...lines, summary].join('\n'), failed: wrong.length > 0 };
}
