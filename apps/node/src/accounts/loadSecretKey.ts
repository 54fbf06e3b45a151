import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { NeuroError } from '@neurodata/protocol';
import { writeSecretFile } from './writeSecretFile.ts';

/** 32 bytes, made once and kept with mode 0600. Throws where the file holds something else: a new key would open nothing that is sealed. */
export async function loadSecretKey(file: string): Promise<Uint8Array> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) {
    const key = new Uint8Array(randomBytes(32));
    await writeSecretFile(file, `${Buffer.from(key).toString('hex')}\n`);
    return key;
  }
  if (!/^[0-9a-f]{64}\s*$/.test(text)) throw new NeuroError(`The file ${file} holds no key.`, { code: 'INTERNAL', remedy: 'Put a copy back: authenticators and recovery codes are kept under it.' });
  return new Uint8Array(Buffer.from(text.trim(), 'hex'));
}
