import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomic } from './atomicFile.ts';

const fileOf = (home: string): string => path.join(home, 'account.json');

/** The demo account that `account use` chose, if any. */
export async function readChosenName(home: string): Promise<string | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(fileOf(home), 'utf8'));
    return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string' ? value.name : undefined;
  } catch {
    // A choice that cannot be read is no choice: the command then asks for one.
    return undefined;
  }
}

export async function writeChosenName(home: string, name: string): Promise<void> {
  await writeAtomic(fileOf(home), `${JSON.stringify({ name })}\n`);
}
