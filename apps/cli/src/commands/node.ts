import { formatNcr } from '@neurodata/protocol';
import { leaveRole } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { colours } from '../output.ts';
import { countFrom, percentage, positiveInteger, price } from '../parse.ts';
import { done } from '../sentResult.ts';

type UpOptions = { canaries?: number; cores?: number; memory?: number; pricePerUnit?: bigint; role?: string[]; rpc?: string; gateway?: string[]; deployment?: string; endpoint?: string; home?: string; port?: string };

const several = (text: string, before: string[] = []): string[] => [...before, ...text.split(',')];

/** Options say the same as the node's environment, and win over it. */
function environmentOf(context: Context, options: UpOptions): Record<string, string> {
  const { canaries, cores, memory, pricePerUnit, role, rpc, gateway, deployment, endpoint, home, port } = options;
  // Whoever serves and embeds needs nobody; validators and workers need somebody's blocks.
  const alone = role === undefined || role.includes('gateway') || process.env['NEURODATA_GATEWAYS'];
  const gateways = gateway ?? (alone ? undefined : [context.url]);
  return Object.fromEntries(Object.entries({
    NEURODATA_CANARIES: canaries === undefined ? undefined : String(canaries / 10_000),
    NEURODATA_CORES: cores?.toString(), NEURODATA_MEMORY_MIB: memory?.toString(), NEURODATA_PRICE_PER_UNIT: pricePerUnit === undefined ? undefined : formatNcr(pricePerUnit, 18),
    NEURODATA_ROLE: role?.join(','), NEURODATA_RPC_URL: rpc, NEURODATA_GATEWAYS: gateways?.join(','), NEURODATA_DEPLOYMENT: deployment,
    NEURODATA_ENDPOINT: endpoint, NEURODATA_HOME: home, NEURODATA_PORT: port,
  }).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

export function nodeCommand(): Command {
  const node = new Command('node');
  node.command('up').description('start chain, contracts, database, API, worker and validators, or the roles that are named; stays until Ctrl-C')
    .option('--canaries <percent>', 'hand in this part of all runs wrong on purpose, to try the validators; costs what a stalled run costs where they notice, and pays where they do not', percentage)
    .option('--cores <n>', 'threads that workers here offer (default: NEURODATA_CORES, or those of the engine)', countFrom(1, 255))
    .option('--memory <MiB>', 'memory that workers here offer (default: NEURODATA_MEMORY_MIB, or half of what is there)', positiveInteger)
    .option('--price-per-unit <ncr>', 'what workers here ask for a unit of work, a GiB gone through once (default: NEURODATA_PRICE_PER_UNIT, or 0.4)', price)
    .option('--role <roles>', 'only these: gateway (rows, API, blocks, pages), validator, worker, chain (an embedded one); repeated or with commas', several)
    .option('--rpc <url>', "the chain to follow (default: the gateway's)")
    .option('--gateway <url>', 'where blocks come from and go to; for a gateway, its peers; repeated or with commas (default: --url)', several)
    .option('--deployment <file>', 'the deployment.json that says where the contracts are (default: what the gateway says)')
    .option('--endpoint <url>', 'under which others reach this process; stands on chain (default: its host and port)')
    .option('--home <folder>', 'its state (default: NEURODATA_HOME)')
    .option('--port <number>', 'where it listens (default: NEURODATA_PORT)')
    .action(act(async (context, options: UpOptions) => {
      // Loaded here only: other commands start faster without a server.
      const { runNode } = await import('@neurodata/node');
      await runNode({
        environment: { ...process.env, ...environmentOf(context, options) },
        buildWeb: async () => {
          const { ensureWebBuilt } = await import('../../../web/build.ts');
          return ensureWebBuilt({ log: context.say });
        },
      });
      return undefined;
    }));
  node.addCommand(identityCommand('recover', "make a validator's lost identity file again, from its account"));
  node.addCommand(identityCommand('rotate', "register the next identity of a validator's account, under the same id; what was sealed to the one before still opens"));
  node.addCommand(new Command('leave').description('take the account off the list of validators or workers, and free its stake').addArgument(new Argument('<role>').choices(['validator', 'worker']))
    .action(act(async (context, role: 'validator' | 'worker') => done(`The account is no ${role} any more.`, await leaveRole({ client: await context.signer(), role }), { role }))));
  node.command('status').description('whether every part is up, with reasons').action(act(status));
  return node;
}

function identityCommand(what: 'recover' | 'rotate', description: string): Command {
  return new Command(`${what}-identity`).description(description)
    .option('--home <folder>', "the validator's state, with its account.key unless NEURODATA_PRIVATE_KEY is set (default: NEURODATA_HOME)")
    .option('--rpc <url>', "the chain (default: the gateway's)").option('--gateway <url>', 'a gateway (default: --url)', several)
    .option('--deployment <file>', 'the deployment.json (default: what the gateway says)')
    .action(act(async (context, options: UpOptions) => {
      const { changeIdentity } = await import('@neurodata/node');
      const { publicKey, retired, file } = await changeIdentity({ what, environment: { ...process.env, ...environmentOf(context, { ...options, role: ['validator'] }) } });
      const done = what === 'recover' ? 'The identity file is there again' : 'Shares are sealed to another identity from now on';
      return { value: { publicKey, retired, file }, text: `${done}: ${publicKey} in ${file}. ${retired.length} before it ${retired.length === 1 ? 'opens' : 'open'} what was sealed to ${retired.length === 1 ? 'it' : 'them'}.` };
    }));
}

async function status(context: Context): Promise<Result> {
  const readiness = await context.api.getReadiness();
  const lines = Object.entries(readiness.parts).map(([name, part]) => `${part.ready ? colours.green('✓') : colours.red('✗')} ${name}${part.reason ? `: ${part.reason}` : ''}`);
  return { value: readiness, text: [`${context.url} is ${readiness.ready ? 'ready' : 'NOT ready'}`, ...lines].join('\n'), failed: !readiness.ready };
}
