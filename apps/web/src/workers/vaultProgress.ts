/** How far the vault is. Bytes, where there is a `total`; `part`: of a folder, which of its files it is about. */
export type VaultProgress = { stage: string; done: number; total?: number; part?: { name: string; number: number; of: number }; /** A block did not arrive and is sent again: for which time. */ retry?: { number: number; of: number } };
