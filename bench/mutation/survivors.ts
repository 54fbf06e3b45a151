import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { keyOf, type Mutant } from './mutant.ts';

const file = path.join(import.meta.dirname, 'survivors.json');

/** `equivalent`: no test can tell it from the original, so it does not count. The reason says why it may live. */
export type Excuse = { reason: string; equivalent: boolean };
export type Excuses = Record<string, Excuse>;

/** What is known of mutants that survived before, by `keyOf`. */
export async function readExcuses(): Promise<Excuses> {
  return JSON.parse(await readFile(file, 'utf8')) as Excuses;
}

/** Adds new survivors with an empty reason, for somebody to fill in. */
export async function recordSurvivors(survivors: readonly Mutant[], excuses: Excuses): Promise<void> {
  const all: Excuses = { ...excuses };
  for (const mutant of survivors) all[keyOf(mutant)] ??= { reason: '', equivalent: false };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(file, `${JSON.stringify(sorted, null, 2)}\n`);
}
