import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, as they go into a mail, a cookie or a file. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a secret. It is random and long, so a plain digest cannot be guessed back. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
