/**
 * A process for the tests to kill: runs a chain in the folder named, sends from two accounts as fast as it can, and
 * writes every acknowledged transaction and every head to standard output.
 */
import { startDevChain } from './startDevChain.ts';
import { ask, createSigner, loggerCode } from './testing.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node killedChain.ts <folder>');
const chain = await startDevChain({ folder, log: () => undefined, blockIdleSeconds: 0 });
const say = (line: unknown): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

async function sendForever(index: number): Promise<void> {
  const address = chain.accounts[index]?.address;
  const sign = createSigner(chain, index, Number(await ask(chain, 'eth_getTransactionCount', [address, 'latest'])));
  for (;;) {
    const hash = await ask(chain, 'eth_sendRawTransaction', [await sign({ data: loggerCode })]);
    const head = chain.head();
    say({ hash, block: Number(head.number), blockHash: head.hash });
  }
}
await Promise.all([sendForever(1), sendForever(2)]);
