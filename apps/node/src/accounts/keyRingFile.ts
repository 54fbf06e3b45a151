import { readFile } from 'node:fs/promises';
import { NeuroError } from '@neurodata/protocol';
import { z } from 'zod';
import type { KeyStore } from './createKeyRing.ts';
import { writeSecretFile } from './writeSecretFile.ts';

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
      await writeSecretFile(file, `${JSON.stringify({ version: 1, keys: keys.map((key) => ({ ...key, secret: Buffer.from(key.secret).toString('base64url') })) })}\n`);
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
