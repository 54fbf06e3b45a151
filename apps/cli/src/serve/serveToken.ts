import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import path from 'node:path';
import { readIfThere, writeAtomic } from '../atomicFile.ts';

/** Where the token lies that callers of `neurodata serve` show. */
export const serveTokenPath = (home: string): string => path.join(home, 'serve.token');

/** The token of this folder, made where there is none yet or a new one is wanted; only its owner can read the file. */
export async function serveToken(home: string, renew: boolean): Promise<string> {
  const file = serveTokenPath(home);
  const kept = renew ? undefined : (await readIfThere(file))?.trim();
  if (kept !== undefined && /^nds_[\w-]{43}$/.test(kept)) return kept;
  const token = `nds_${randomBytes(32).toString('base64url')}`;
  await writeAtomic(file, `${token}\n`, 0o600);
  return token;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether an `Authorization` header shows the token; takes as long whatever it shows. */
export function showsToken(header: string | undefined, token: string): boolean {
  const shown = /^Bearer\s+(\S{1,300})\s*$/i.exec(header ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(shown), digest(token));
}
