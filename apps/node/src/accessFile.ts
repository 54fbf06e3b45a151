import { createReadStream } from 'node:fs';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { accessSchema } from '@neurodata/protocol';
import type { Access } from '@neurodata/protocol';
import type { AccessLog } from './validator/index.ts';

const MAX_BYTES = 64 * 1024 * 1024;
/** How long an answered request is remembered after it has expired by the newest one's time: no clock of this machine is asked. */
const REMEMBER_SECONDS = 3_600;

/**
 * A validator's access log as a file of JSON lines, flushed before an answer leaves. At 64 MB it moves to `.1`, which takes the place of
 * the one before. No key, share or content is ever in it.
 */
export async function accessFile(file: string): Promise<AccessLog> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const answered = new Map<string, number>();
  let newest = 0;
  const remember = (request: string, expiresAt: number): void => {
    answered.set(request, expiresAt);
    if (expiresAt <= newest) return;
    newest = expiresAt;
    for (const [key, until] of answered) if (until + REMEMBER_SECONDS < newest) answered.delete(key);
  };
  for (const part of [`${file}.1`, file]) for await (const access of readAccesses(part)) if (access.outcome === 'granted') remember(access.request, access.expiresAt);
  let turn: Promise<void> = Promise.resolve();

  async function append(access: Access): Promise<void> {
    await using handle = await open(file, 'a', 0o600);
    await handle.appendFile(`${JSON.stringify(access)}\n`);
    await handle.datasync();
    if ((await handle.stat()).size >= MAX_BYTES) await rename(file, `${file}.1`);
  }

  return {
    take: (request, expiresAt) => {
      if (answered.has(request)) return false;
      remember(request, expiresAt);
      return true;
    },
    record: (access) => {
      const written = turn.then(() => append(access));
      turn = written.catch(() => undefined);
      return written;
    },
    list: async ({ assetId, limit }) => {
      await turn;
      const found: Access[] = [];
      for (const part of [`${file}.1`, file]) {
        for await (const access of readAccesses(part)) {
          if (access.assetId !== assetId) continue;
          found.push(access);
          if (found.length > limit) found.shift();
        }
      }
      return found.toReversed();
    },
  };
}

async function* readAccesses(file: string): AsyncGenerator<Access> {
  if (!(await stat(file).then(() => true, () => false))) return;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const access = parseLine(line);
    if (access) yield access;
  }
}

/** A crash may have cut the last line short. */
function parseLine(line: string): Access | undefined {
  try {
    return accessSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
