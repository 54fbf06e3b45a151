export type { Caller } from './AccountDeps.ts';
export { createAccounts } from './createAccounts.ts';
export type { Accounts, CreateAccountsParameters, Principal } from './createAccounts.ts';
export { createKeyRing } from './createKeyRing.ts';
export { createPasswordHasher } from './createPasswordHasher.ts';
export type { Opened } from './createSessions.ts';
export { keyRingFile } from './keyRingFile.ts';
export { mailboxMailer } from './mailboxMailer.ts';
export { smtpMailer } from './smtpMailer.ts';
