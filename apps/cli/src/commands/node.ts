import { Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { colours } from '../output.ts';

export function nodeCommand(): Command {
  const node = new Command('node').description('the node on this machine');
  node.command('up').description('start chain, contracts, database, API, worker and validators; stays until Ctrl-C').action(act(async (context) => {
    // Loaded here only: other commands start faster without a server.
    const { runNode } = await import('@neurodata/node');
    await runNode({
      buildWeb: async () => {
        const { ensureWebBuilt } = await import('../../../web/build.ts');
        return ensureWebBuilt({ log: context.say });
      },
    });
    return undefined;
  }));
  node.command('status').description('whether every part is up, with reasons').action(act(status));
  return node;
}

async function status(context: Context): Promise<Result> {
  const readiness = await context.api.getReadiness();
  const lines = Object.entries(readiness.parts).map(([name, part]) => `${part.ready ? colours.green('✓') : colours.red('✗')} ${name}${part.reason ? `: ${part.reason}` : ''}`);
  return { value: readiness, text: [`${context.url} is ${readiness.ready ? 'ready' : 'NOT ready'}`, ...lines].join('\n'), failed: !readiness.ready };
}
