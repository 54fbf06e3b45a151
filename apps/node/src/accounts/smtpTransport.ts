import { createTransport } from 'nodemailer';
import type { MailTransport } from './Mailer.ts';

/** A server that does not answer must not keep a place of the queue: milliseconds. */
const timeouts = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 30_000 };

/** Sends through the server at `url` (`smtp://user:password@host:587`, `smtps://..`), as `from`. One try: what is not taken stays in the queue. */
export function smtpTransport(parameters: { url: string; from: string }): MailTransport {
  const { url, from } = parameters;
  const transport = createTransport({ url, ...timeouts });
  return {
    deliver: async ({ id, to, subject, text }, signal) => {
      signal.throwIfAborted();
      // The same name on a second try, so that a mailbox shows a mail once that came twice.
      await transport.sendMail({ from, to, subject, text, messageId: `<${id}@neurodata>` });
    },
  };
}
