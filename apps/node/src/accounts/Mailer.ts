import type { Transaction } from '../db/openDatabase.ts';

export type Mail = {
  to: string;
  subject: string;
  text: string;
  /** Unix seconds after which it says nothing of use any more, e.g. because its code has expired; a day from now where absent. */
  usefulUntil?: number;
};

/** Sees to it that a mail is sent: with a transaction, if that commits and then only. */
export type Mailer = { send(mail: Mail, tx?: Transaction): Promise<void> };

/** Hands one mail over once, or throws. `id` is the same when it comes again. */
export type MailTransport = { deliver(mail: Mail & { id: string }, signal: AbortSignal): Promise<void> };
