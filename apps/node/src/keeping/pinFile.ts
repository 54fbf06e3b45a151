import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { z } from 'zod';

const entrySchema = z.object({
  /** For people. */
  name: z.string(),
  /** `wanted`: asked for as soon as may be; `unwanted`: to be let go. The others are what the keeper says. */
  state: z.enum(['wanted', 'queued', 'pinning', 'pinned', 'failed', 'unwanted']),
  /** What the keeper calls it, once it was asked. */
  id: z.string().optional(),
  /** Failures one after the other, and when it is tried again, ms since 1970. */
  tries: z.number().int(),
  dueAt: z.number(),
  why: z.string().optional(),
});
const fileSchema = z.object({ version: z.literal(1), targets: z.record(z.string(), z.record(z.string(), entrySchema)) });

export type PinEntry = z.output<typeof entrySchema>;
/** By keeper and CID. */
export type PinEntries = Record<string, Record<string, PinEntry>>;

/** What others are to keep, and how that stands: a file that is the old or the new one after any crash. */
export type PinFile = { read(): Promise<PinEntries>; write(entries: PinEntries): Promise<void> };

/** Throws CONTENT_MISMATCH for a file that is damaged: what it knew is found again by asking the keepers, once it is taken away. */
export function pinFile(file: string): PinFile {
  return {
    read: async () => {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return {};
      const parsed = fileSchema.safeParse(orNothing(text));
      if (parsed.success) return parsed.data.targets;
      throw new NeuroError(`${file} is damaged.`, { code: 'CONTENT_MISMATCH', details: z.prettifyError(parsed.error), remedy: 'Move it away: the keepers are asked what they have.' });
    },
    write: async (targets) => {
      const beside = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}`);
      const handle = await open(beside, 'wx', 0o600);
      try {
        await handle.writeFile(JSON.stringify({ version: 1, targets }));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(beside, file);
    },
  };
}

function orNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
