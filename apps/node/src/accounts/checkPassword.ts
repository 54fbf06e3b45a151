import { NeuroError } from '@neurodata/protocol';
import type { AccountDeps } from './AccountDeps.ts';
import { isCommonPassword, isInLeakFile } from './commonPasswords.ts';

/** Throws BAD_INPUT for passwords that everybody would try first: for this address, anywhere, or because they were leaked. */
export async function checkPassword(deps: Pick<AccountDeps, 'leakedPasswords'>, email: string, password: string): Promise<void> {
  const plain = password.toLowerCase();
  const parts = [email, email.split('@')[0] ?? '', 'neurodata', 'password'].filter((part) => part.length > 3);
  const rest = parts.reduce((text, part) => text.replaceAll(part, ''), plain);
  if (rest.length < 6 || new Set(plain).size < 5) throw new NeuroError('This password is easy to guess.', { code: 'BAD_INPUT', remedy: 'Take another that does not consist of your address, this site\'s name or a few repeated characters.' });
  if (isCommonPassword(password)) throw new NeuroError('This password is made of ones that many people use.', { code: 'BAD_INPUT', remedy: 'Take three or more words that do not belong together.' });
  if (deps.leakedPasswords !== undefined && (await isInLeakFile(deps.leakedPasswords, password))) throw new NeuroError('This password was leaked somewhere.', { code: 'BAD_INPUT', remedy: 'Take another, and change it wherever you use it.' });
}
