import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Hex } from 'viem';

type Line = { type: 'genesis' | 'block' | 'mined'; number?: number; transactions?: Hex[] };

/**
 * Takes the last `depth` blocks off an embedded chain that is down: after its next start it goes on with others, as after a
 * reorganisation. Returns the transactions that were in them, which a network would hold in its pools; never goes below `floor`.
 */
export async function rewindChain(parameters: { folder: string; depth: number; floor: number }): Promise<{ height: number; transactions: Hex[] }> {
  const { folder, depth, floor } = parameters;
  const file = path.join(folder, 'journal.ndjson');
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  const entries = lines.map((line) => JSON.parse(line) as Line);
  const last = entries.findLast(({ type }) => type === 'block')?.number ?? 0;
  const height = Math.max(floor, last - depth);
  const cut = entries.findIndex(({ type, number }) => type === 'block' && (number ?? 0) > height);
  if (cut < 0) return { height: last, transactions: [] };
  await writeFile(file, `${lines.slice(0, cut).join('\n')}\n`);
  const copies = path.join(folder, 'copies');
  for (const name of await readdir(copies).catch(() => [])) {
    if (Number.parseInt(name, 10) > height) await rm(path.join(copies, name));
  }
  return { height, transactions: entries.slice(cut).flatMap(({ transactions = [] }) => transactions) };
}
