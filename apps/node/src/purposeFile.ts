import { createReadStream } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { signedPurposeSchema } from '@neurodata/protocol';
import type { SignedPurpose } from '@neurodata/protocol';
import type { PurposeStore } from './validator/index.ts';

/** A validator's signed purposes as a file of JSON lines, on disk before one counts. They are promises to sellers: none is ever taken away. */
export async function purposeFile(file: string): Promise<PurposeStore> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const kept = new Map<string, SignedPurpose>();
  const listeners: ((proofId: string) => void)[] = [];
  for await (const signed of readPurposes(file)) kept.set(keyOf(signed.statement), signed);
  let turn: Promise<void> = Promise.resolve();

  async function keep(signed: SignedPurpose): Promise<SignedPurpose> {
    const key = keyOf(signed.statement);
    const before = kept.get(key);
    if (before) return before;
    await using handle = await open(file, 'a', 0o600);
    await handle.appendFile(`${JSON.stringify(signed)}\n`);
    await handle.datasync();
    kept.set(key, signed);
    return signed;
  }

  return {
    keep: async (signed) => {
      // One after the other: of two promises for one order, the first stays.
      const written = turn.then(() => keep(signed));
      turn = written.then(() => undefined, () => undefined);
      const stands = await written;
      for (const listener of listeners) listener(signed.statement.proofId);
      return stands;
    },
    find: (key) => kept.get(keyOf(key)),
    list: ({ assetId, limit }) => [...kept.values()].filter(({ statement }) => statement.assetId === assetId).slice(-limit).toReversed(),
    onKept: (listener) => void listeners.push(listener),
  };
}

const keyOf = ({ proofId, limitsDigest }: { proofId: string; limitsDigest: string }): string => `${proofId}:${limitsDigest}`.toLowerCase();

async function* readPurposes(file: string): AsyncGenerator<SignedPurpose> {
  if (!(await stat(file).then(() => true, () => false))) return;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const signed = parseLine(line);
    if (signed) yield signed;
  }
}

/** A crash may have cut the last line short. */
function parseLine(line: string): SignedPurpose | undefined {
  try {
    return signedPurposeSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
