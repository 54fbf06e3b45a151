import { rm } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError, hex32Schema } from '@neurodata/protocol';
import type { IdentityStore } from '@neurodata/sdk';
import type { Address } from 'viem';
import { z } from 'zod';
import { readIfThere, writeAtomic } from './atomicFile.ts';
import { locked } from './lockedFile.ts';

const entrySchema = z.object({ publicKey: hex32Schema, secretKey: hex32Schema, label: z.string(), createdAt: z.number() });
const keyFileSchema = z.object({ version: z.literal(1), address: z.string(), identities: z.array(entrySchema) });
type Entry = z.output<typeof entrySchema>;

/** Where an account's X25519 secrets lie. */
export function keyFilePath(home: string, address: Address): string {
  return path.join(home, 'keys', `${address.toLowerCase()}.json`);
}

/**
 * X25519 secrets of one account in one file, readable by its owner only. `put` resolves when the secret would survive
 * a crash; two processes never overwrite each other's. Throws `NO_KEY` where the file is damaged: it is never replaced.
 */
export function keyFile(home: string, address: Address): IdentityStore {
  const file = keyFilePath(home, address);
  const write = (identities: Entry[]): Promise<number> => writeAtomic(file, `${JSON.stringify({ version: 1, address, identities }, null, 2)}\n`, 0o600);
  return {
    put: (entry) => locked(file, async () => {
      await write([...(await readEntries(file)).filter(({ publicKey }) => publicKey !== entry.publicKey), entry]);
    }),
    find: async (publicKey) => (await readEntries(file)).find((entry) => entry.publicKey.toLowerCase() === publicKey.toLowerCase())?.secretKey,
    list: async () => (await readEntries(file)).map(({ publicKey, label, createdAt }) => ({ publicKey, label, createdAt })),
    clear: () => locked(file, async () => {
      const { length } = await readEntries(file);
      await rm(file, { force: true });
      return length;
    }),
  };
}

async function readEntries(file: string): Promise<Entry[]> {
  const text = await readIfThere(file);
  if (text === undefined) return [];
  try {
    return keyFileSchema.parse(JSON.parse(text)).identities;
  } catch (cause) {
    throw new NeuroError(`The key file ${file} is damaged.`, { code: 'NO_KEY', remedy: 'Put a copy back, or move it away: without it, earlier orders cannot be opened.', cause });
  }
}
