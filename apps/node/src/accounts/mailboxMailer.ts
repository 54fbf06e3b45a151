import type { MailboxItem } from '@neurodata/protocol';
import { desc, lte } from 'drizzle-orm';
import type { Database } from '../db/openDatabase.ts';
import { mailbox } from '../db/schema.ts';
import type { Mail, Mailer, MailTransport } from './Mailer.ts';

const most = 200;

/** Keeps mails for the mailbox page, where no mail server is set: play money's mail. The last 200 stay. */
export function mailboxMailer(db: Database, now: () => number): Mailer & MailTransport {
  const keep = async ({ to, subject, text }: Mail, orm: Pick<Database['orm'], 'insert' | 'delete'>): Promise<void> => {
    const [row] = await orm.insert(mailbox).values({ recipient: to, subject, body: text, sentAt: now() }).returning({ mailId: mailbox.mailId });
    if (row) await orm.delete(mailbox).where(lte(mailbox.mailId, row.mailId - most));
  };
  return { send: (mail, tx) => keep(mail, tx ?? db.orm), deliver: (mail) => keep(mail, db.orm) };
}

/** Newest first. */
export async function listMailbox(db: Database): Promise<MailboxItem[]> {
  const rows = await db.orm.select().from(mailbox).orderBy(desc(mailbox.mailId)).limit(most);
  return rows.map(({ mailId, recipient, subject, body, sentAt }) => ({ mailId, to: recipient, subject, text: body, sentAt }));
}
