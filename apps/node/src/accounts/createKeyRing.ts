import { randomBytes, randomUUID } from 'node:crypto';

export type SigningKey = { kid: string; secret: Uint8Array; createdAt: number };

/** Where keys are kept: a file in the state folder, or memory in tests. */
export type KeyStore = { read(): Promise<SigningKey[]>; write(keys: readonly SigningKey[]): Promise<void> };

export type KeyRing = {
  /** With which access credentials are signed. */
  current(): SigningKey;
  find(kid: string): SigningKey | undefined;
  /** A new key signs from now on; the one before still verifies. */
  rotate(): Promise<void>;
};

/** Seconds after which a start brings a new key. */
const maxAge = 90 * 86_400;

/** The keys of this node's access credentials, 256 bits each, newest first. */
export async function createKeyRing(parameters: { store: KeyStore; now: () => number }): Promise<KeyRing> {
  const { store, now } = parameters;
  let keys = await store.read();
  const rotate = async (): Promise<void> => {
    const next = [{ kid: randomUUID(), secret: new Uint8Array(randomBytes(32)), createdAt: now() }, ...keys].slice(0, 2);
    await store.write(next);
    keys = next;
  };
  if (!keys[0] || keys[0].createdAt + maxAge < now()) await rotate();
  return { current: () => keys[0]!, find: (kid) => keys.find((key) => key.kid === kid), rotate };
}
