import { freshIdentity } from '@neurodata/sdk';
import { Command } from 'commander';
import { type Context, type Result, act } from '../context.ts';
import { keyFile, keyFilePath } from '../keyFile.ts';
import { clean, shortId, table, when } from '../output.ts';
import { confirm } from '../prompt.ts';
import { addCustodyCommands } from './custody.ts';
import { addExportCommands } from './keyExports.ts';

export function keysCommand(): Command {
  const keys = new Command('keys');
  keys.command('list').description('public halves and what they are for').action(act(async (context) => {
    const { account } = await context.signer();
    const items = await keyFile(context.settings.home, account.address).list();
    return { value: { file: keyFilePath(context.settings.home, account.address), items }, text: table(['key', 'for', 'made'], items.map((item) => [shortId(item.publicKey), clean(item.label), when(Math.floor(item.createdAt / 1000))]), 'No keys are kept here.') };
  }));
  keys.command('new').description('make one for a gift, and print its public half for the giver').option('--label <text>', 'what it is for', 'gift').action(act(async (context, { label }: { label: string }) => {
    const { publicKey } = await freshIdentity(await context.signer(), label);
    return { value: { publicKey }, text: publicKey };
  }));
  keys.command('clear').description('forget them; what they open can then not be opened here any more').action(act(clear));
  addCustodyCommands(keys);
  addExportCommands(keys);
  return keys;
}

async function clear(context: Context): Promise<Result> {
  const { account } = await context.signer();
  const store = keyFile(context.settings.home, account.address);
  const { length } = await store.list();
  if (length > 0) await confirm(`Forget ${length} keys of ${account.address}? Orders and runs bought with them cannot be opened without them.`, context.yes);
  const cleared = length > 0 ? await store.clear() : 0;
  return { value: { address: account.address, cleared }, text: `Forgot ${cleared} keys of ${account.address}.` };
}
