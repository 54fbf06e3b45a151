import { randomUUID } from 'node:crypto';
import type { BackgroundJobs } from '../jobs/index.ts';
import type { SecretBox } from './createSecretBox.ts';
import type { Mail, Mailer, MailTransport } from './Mailer.ts';

type Outbox = { jobs: Pick<BackgroundJobs, 'define' | 'enqueue'>; transport: MailTransport; box: SecretBox; now: () => number };

const day = 86_400;

/**
 * Mails that are kept until a server took them, over restarts. They carry codes that sign people in: each lies sealed in the database under a
 * key that lies elsewhere, and its row goes when it is sent. One whose code has expired is dropped.
 */
export function createOutbox({ jobs, transport, box, now }: Outbox): Mailer {
  jobs.define<{ sealed: string; id: string }>('mail', {
    // Over about five hours.
    retries: 14, backoff: 5, timeoutSeconds: 60, concurrency: 4, forget: true,
    work: async ({ sealed, id }, signal) => {
      const mail = JSON.parse(box.open(sealed, place(id))) as Mail;
      if (mail.usefulUntil !== undefined && mail.usefulUntil <= now()) return;
      await transport.deliver({ ...mail, id }, signal);
    },
  });
  return {
    send: async (mail, tx) => {
      const id = randomUUID();
      await jobs.enqueue('mail', { id, sealed: box.seal(JSON.stringify({ usefulUntil: now() + day, ...mail }), place(id)) }, tx ? { tx } : {});
    },
  };
}

const place = (id: string): string => `mail ${id}`;
