import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { resolveAnvil } from '../../chain/index.ts';

/** A bare anvil on a free port: unlocked accounts, a block per transaction, and methods that rewrite its history. It begins with what `anvil_dumpState` said, unpacked, where a file of that is given. */
export async function startAnvil({ state }: { state?: string } = {}): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(await resolveAnvil(), ['--port', '0', '--accounts', '12', '--slots-in-an-epoch', '1', ...(state === undefined ? [] : ['--load-state', state])], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const lines = createInterface(child.stdout);
  for await (const line of lines) {
    const place = /Listening on (\S+)/.exec(line)?.[1];
    if (!place) continue;
    child.stdout.resume();
    return { url: `http://${place}`, stop };
  }
  throw new Error('anvil ended before it listened');
}
