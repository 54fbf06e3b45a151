/** Where things lie in memory, in bytes. */
export const KEY: usize = 1024;
export const NONCE: usize = 1056;
/** The key of Poly1305: the key stream's first block. */
export const ONE_TIME: usize = 1088;
export const LENGTHS: usize = 1600;
export const TAG: usize = 1616;
export const DATA: usize = 4096;
