import { rm } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import type { SignedIn } from '@neurodata/protocol';
import { type ApiClient, createApi } from '@neurodata/sdk';
import { z } from 'zod';
import { readIfThere, writeAtomic } from './atomicFile.ts';
import { locked } from './lockedFile.ts';

const fileSchema = z.object({ version: z.literal(1), url: z.string(), refresh: z.string(), access: z.string(), accessExpiresAt: z.number() });

/** Seconds before its end at which a credential is renewed. */
const margin = 30;

export type SessionFile = {
  /** Keeps what signing in gave. */
  keep(signedIn: SignedIn): Promise<void>;
  /** The access credential, renewed where it ends soon; undefined where nobody is signed in. */
  credential(): Promise<string | undefined>;
  /** Ends the session at the node and forgets it here; false where nobody was signed in. */
  end(): Promise<boolean>;
};

/** Where the session at one node lies: each node has its own. */
export function sessionFilePath(home: string, url: string): string {
  return path.join(home, 'sessions', `${new URL(url).host.replace(/[^\w.-]/g, '_')}.json`);
}

/** A session in a file that only its owner can read. Commands take turns: a second use of a refresh credential would end it. */
export function sessionFile(home: string, url: string, api: Pick<ApiClient, 'refresh' | 'logout'> = createApi({ url })): SessionFile {
  const file = sessionFilePath(home, url);
  const write = async ({ access, accessExpiresAt, refresh }: SignedIn): Promise<void> => {
    await writeAtomic(file, `${JSON.stringify({ version: 1, url, refresh, access, accessExpiresAt })}\n`, 0o600);
  };
  return {
    keep: (signedIn) => locked(file, () => write(signedIn)),
    credential: async () => {
      if ((await readIfThere(file)) === undefined) return undefined;
      return locked(file, async () => {
        const known = await read(file);
        if (!known || known.accessExpiresAt > Date.now() / 1_000 + margin) return known?.access;
        const next = await api.refresh({ refresh: known.refresh }).catch(async (error: unknown) => {
          if (error instanceof NeuroError && error.code === 'UNAUTHENTICATED') await rm(file, { force: true });
          throw error;
        });
        await write(next);
        return next.access;
      });
    },
    end: () => locked(file, async () => {
      const known = await read(file);
      if (known) await api.logout({ refresh: known.refresh });
      await rm(file, { force: true });
      return known !== undefined;
    }),
  };
}

async function read(file: string): Promise<z.output<typeof fileSchema> | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    // The cause would quote what is in the file.
    throw new NeuroError(`The session file ${file} is damaged.`, { code: 'BAD_INPUT', remedy: 'Remove it and sign in again.' });
  }
}
