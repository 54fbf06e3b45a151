import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { identityFromSecret } from '@neurodata/sealing';
import type { Identity } from '@neurodata/sealing';

/**
 * A role's X25519 identity, made once and kept with mode 0600. Written whole and flushed before it is ever used, because
 * shares sealed to a lost identity are lost.
 */
export async function loadIdentity(file: string): Promise<Identity> {
  const [known] = await readIdentities(file);
  if (known) return known;
  const identity = identityFromSecret(new Uint8Array(randomBytes(32)));
  await writeIdentities(file, [identity]);
  return identity;
}

/** The secrets in a file, one a line; none where there is no file. Throws where it holds something else. */
export async function readIdentities(file: string): Promise<Identity[]> {
  try {
    return (await readFile(file, 'utf8')).trim().split('\n').map((line) => identityFromSecret(new Uint8Array(Buffer.from(line.trim(), 'hex'))));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export async function writeIdentities(file: string, identities: readonly Identity[]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  // An earlier one that was not finished may have another mode.
  await rm(`${file}.new`, { force: true });
  const handle = await open(`${file}.new`, 'wx', 0o600);
  try {
    await handle.writeFile(identities.map(({ secretKey }) => `${Buffer.from(secretKey).toString('hex')}\n`).join(''));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
