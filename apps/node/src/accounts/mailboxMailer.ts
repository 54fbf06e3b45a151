import type { MailboxItem } from '@neurodata/protocol';
import { desc, lte } from 'drizzle-orm';
import type { Database } from '../db/openDatabase.ts';
import { mailbox } from '../db/schema.ts';
import type { Mailer } from './Mailer.ts';

const most = 200;

/** Keeps mails for the mailbox page, where no mail server is set: play money's mail. The last 200 stay. */
export function mailboxMailer(db: Database, now: () => number): Mailer {
  return {
    send: async ({ to, subject, text }) => {
      const [row] = await db.orm.insert(mailbox).values({ recipient: to, subject, body: text, sentAt: now() }).returning({ mailId: mailbox.mailId });
      if (row) await db.orm.delete(mailbox).where(lte(mailbox.mailId, row.mailId - most));
    },
  };
}

/** Newest first. */
export async function listMailbox(db: Database): Promise<MailboxItem[]> {
  const rows = await db.orm.select().from(mailbox).orderBy(desc(mailbox.mailId)).limit(most);
  return rows.map(({ mailId, recipient, subject, body, sentAt }) => ({ mailId, to: recipient, subject, text: body, sentAt }));
}
