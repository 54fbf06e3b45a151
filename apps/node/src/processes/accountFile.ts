import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import type { Hex, PrivateKeyAccount } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

/** The account of a node: from its file, which is made with mode 0600 where there is none. Whole and flushed before it is used. */
export async function loadAccount(file: string): Promise<PrivateKeyAccount> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return undefined; throw error; });
  if (text !== undefined) {
    if (/^0x[0-9a-f]{64}$/.test(text.trim())) return privateKeyToAccount(text.trim() as Hex);
    throw new NeuroError(`${file} holds no private key.`, { code: 'NO_KEY', remedy: 'Put a copy back: the stake of that account moves by this key alone.' });
  }
  const key: Hex = `0x${randomBytes(32).toString('hex')}`;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(`${file}.new`, 'w', 0o600);
  await handle.writeFile(`${key}\n`);
  await handle.sync();
  await handle.close();
  await rename(`${file}.new`, file);
  return privateKeyToAccount(key);
}
