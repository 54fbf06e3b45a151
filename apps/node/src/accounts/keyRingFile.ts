import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { z } from 'zod';
import type { KeyStore } from './createKeyRing.ts';

const fileSchema = z.object({ version: z.literal(1), keys: z.array(z.object({ kid: z.string(), secret: z.base64url(), createdAt: z.number() })).min(1) });

/** Keys in a file that only its owner can read. A damaged one is an error: replacing it would end every session unseen. */
export function keyRingFile(file: string): KeyStore {
  return {
    read: async () => {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      return text === undefined ? [] : parse(file, text);
    },
    write: async (keys) => {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await rm(`${file}.new`, { force: true });
      const handle = await open(`${file}.new`, 'wx', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify({ version: 1, keys: keys.map((key) => ({ ...key, secret: Buffer.from(key.secret).toString('base64url') })) })}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(`${file}.new`, file);
    },
  };
}

function parse(file: string, text: string): Awaited<ReturnType<KeyStore['read']>> {
  try {
    return fileSchema.parse(JSON.parse(text)).keys.map((key) => ({ ...key, secret: new Uint8Array(Buffer.from(key.secret, 'base64url')) }));
  } catch {
    // The cause would quote what is in the file.
    throw new NeuroError(`The file ${file} cannot be read.`, { code: 'INTERNAL', remedy: 'Put a copy back, or remove it: everybody signs in again then.' });
  }
}
