import { leaveRole } from '@neurodata/sdk';
import { Argument, Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { colours } from '../output.ts';
import { percentage } from '../parse.ts';
import { done } from '../sentResult.ts';

export function nodeCommand(): Command {
  const node = new Command('node').description('the node on this machine');
  node.command('up').description('start chain, contracts, database, API, worker and validators; stays until Ctrl-C')
    .option('--canaries <percent>', 'hand in this part of all runs wrong on purpose, to try the validators; costs what a stalled run costs where they notice, and pays where they do not', percentage)
    .action(act(async (context, { canaries }: { canaries?: number }) => {
    // Loaded here only: other commands start faster without a server.
    const { runNode } = await import('@neurodata/node');
    await runNode({
      environment: { ...process.env, ...(canaries === undefined ? {} : { NEURODATA_CANARIES: String(canaries / 10_000) }) },
      buildWeb: async () => {
        const { ensureWebBuilt } = await import('../../../web/build.ts');
        return ensureWebBuilt({ log: context.say });
      },
    });
    return undefined;
  }));
  node.addCommand(new Command('leave').description('take the account off the list of validators or workers, and free its stake').addArgument(new Argument('<role>').choices(['validator', 'worker']))
    .action(act(async (context, role: 'validator' | 'worker') => done(`The account is no ${role} any more.`, await leaveRole({ client: await context.signer(), role }), { role }))));
  node.command('status').description('whether every part is up, with reasons').action(act(status));
  return node;
}

async function status(context: Context): Promise<Result> {
  const readiness = await context.api.getReadiness();
  const lines = Object.entries(readiness.parts).map(([name, part]) => `${part.ready ? colours.green('✓') : colours.red('✗')} ${name}${part.reason ? `: ${part.reason}` : ''}`);
  return { value: readiness, text: [`${context.url} is ${readiness.ready ? 'ready' : 'NOT ready'}`, ...lines].join('\n'), failed: !readiness.ready };
}
