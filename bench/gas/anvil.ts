import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { RpcFailure } from '../../apps/node/src/chain/jsonRpc.ts';
import { resolveAnvil } from '../../apps/node/src/chain/resolveAnvil.ts';

export type TracingAnvil = { call: (method: string, params?: readonly unknown[]) => Promise<unknown>; stop: () => Promise<void> };

type Answer = { result: unknown } | { error: { code: number; message: string; data?: unknown } };

/**
 * Starts an anvil that keeps every step of every transaction (the node's own does not, it would cost memory) and mines
 * each transaction at once. Throws when it does not come up.
 */
export async function startTracingAnvil(parameters: { chainId: number; accounts: number }): Promise<TracingAnvil> {
  const { chainId, accounts } = parameters;
  const child = spawn(await resolveAnvil(), ['--port', '0', '--steps-tracing', '--hardfork', 'cancun', '--chain-id', String(chainId), '--accounts', String(accounts), '--no-cors'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => { child.once('exit', () => resolve()); child.once('error', () => resolve()); });
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, found] = /Listening on (\S+)/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    void exited.then(() => reject(new Error('anvil ended before it listened.')));
  });
  let id = 0;
  const call: TracingAnvil['call'] = async (method, params = []) => {
    const response = await fetch(`http://${address}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: (id += 1), method, params }) });
    const answer = (await response.json()) as Answer;
    if ('error' in answer) throw new RpcFailure(answer.error);
    return answer.result;
  };
  return { call, stop: async () => { child.kill('SIGKILL'); await exited; } };
}
