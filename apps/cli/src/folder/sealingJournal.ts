import { createHash } from 'node:crypto';
import { appendFile, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FolderFile } from '@neurodata/protocol';
import { type NeuroClient, type PlainFile, accountOf } from '@neurodata/sdk';
import { readIfThere } from '../atomicFile.ts';

type Line = { is: 'sealed'; path: string; sha256: string; identity: string } | ({ is: 'stored' } & FolderFile);

/** What an interrupted publishing of a folder has done: written before each step's effect is relied on. */
export type SealingJournal = {
  /** The entry of a file that lies sealed at the node already. */
  stored(file: PlainFile): FolderFile | undefined;
  /** The identity to which a file was sealed whole into {@link SealingJournal.place}. */
  sealed(file: PlainFile): Promise<string | undefined>;
  /** Where a file lies sealed until it is stored. */
  place(file: PlainFile): string;
  note(line: Line): Promise<void>;
  /** Forgets it all: the version is registered, and its index has everything. */
  clear(): Promise<void>;
};

/** The journal of one folder, published by one account to one registry. It holds what opens the files: readable by its owner only. */
export async function openSealingJournal(parameters: { home: string; client: NeuroClient; root: string }): Promise<SealingJournal> {
  const { home, client, root } = parameters;
  const { chainId, addresses } = client.config.deployment;
  const name = createHash('sha256').update(JSON.stringify([path.resolve(root), chainId, addresses.assetRegistry, accountOf(client).address])).digest('hex').slice(0, 32);
  const folder = path.join(home, 'publishing', name);
  const file = path.join(folder, 'journal.ndjson');
  const lines = linesOf((await readIfThere(file)) ?? '');
  const last = new Map(lines.map((line) => [keyOf(line), line]));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const place = (plain: PlainFile): string => path.join(folder, `${createHash('sha256').update(keyOf(plain)).digest('hex').slice(0, 32)}.age`);
  return {
    place,
    stored: (plain) => {
      const line = last.get(keyOf(plain));
      if (line?.is !== 'stored') return undefined;
      const { is: _, ...entry } = line;
      return { ...entry, format: plain.format };
    },
    sealed: async (plain) => {
      const line = last.get(keyOf(plain));
      return line?.is === 'sealed' && (await stat(place(plain)).then(() => true, () => false)) ? line.identity : undefined;
    },
    note: async (line) => {
      last.set(keyOf(line), line);
      await appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600, flush: true });
    },
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}

const keyOf = ({ path: name, sha256 }: Pick<PlainFile, 'path' | 'sha256'>): string => `${name}\n${sha256}`;

/** A line that a crash has cut is as if it was never written. */
function linesOf(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as Line];
    } catch {
      return [];
    }
  });
}
