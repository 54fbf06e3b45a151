import type { Hex } from 'viem';

/** Keeps X25519 secrets. An identity is put here before the transaction that names its public key is sent. */
export type IdentityStore = {
  /** `createdAt` in Unix milliseconds. Resolves when the entry would survive a crash. */
  put(entry: { publicKey: Hex; secretKey: Hex; label: string; createdAt: number }): Promise<void>;
  /** The secret key, or undefined. */
  find(publicKey: Hex): Promise<Hex | undefined>;
  list(): Promise<{ publicKey: Hex; label: string; createdAt: number }[]>;
  /** Forgets every secret; returns how many there were. */
  clear(): Promise<number>;
};

/** Identities that end with the process or page. */
export function memoryIdentities(): IdentityStore {
  const entries = new Map<string, { publicKey: Hex; secretKey: Hex; label: string; createdAt: number }>();
  return {
    put: async (entry) => void entries.set(entry.publicKey.toLowerCase(), entry),
    find: async (publicKey) => entries.get(publicKey.toLowerCase())?.secretKey,
    list: async () => [...entries.values()].map(({ publicKey, label, createdAt }) => ({ publicKey, label, createdAt })),
    clear: async () => {
      const count = entries.size;
      entries.clear();
      return count;
    },
  };
}
