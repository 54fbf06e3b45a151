import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { identityFromSecret } from '@neurodata/sealing';
import type { Identity } from '@neurodata/sealing';

/**
 * A role's X25519 identity, made once and kept with mode 0600. Written whole and flushed before it is ever used, because
 * shares sealed to a lost identity are lost.
 */
export async function loadIdentity(file: string): Promise<Identity> {
  try {
    return identityFromSecret(new Uint8Array(Buffer.from((await readFile(file, 'utf8')).trim(), 'hex')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const secret = randomBytes(32);
  const handle = await open(`${file}.new`, 'w', 0o600);
  await handle.writeFile(`${secret.toString('hex')}\n`);
  await handle.sync();
  await handle.close();
  await rename(`${file}.new`, file);
  return identityFromSecret(new Uint8Array(secret));
}
