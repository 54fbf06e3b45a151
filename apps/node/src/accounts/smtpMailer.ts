import { createTransport } from 'nodemailer';
import type { Log } from '../common/logger.ts';
import { retry } from '../common/retry.ts';
import type { Mailer } from './Mailer.ts';

/**
 * Sends through the server at `url` (`smtp://user:password@host:587`, `smtps://..`), as `from`. Each mail is tried for ten
 * minutes and then dropped: what it carries would be expired, and whoever waits asks again. It is never written down.
 */
export function smtpMailer(parameters: { url: string; from: string; log: Log; tryForMs?: number }): Mailer {
  const { url, from, log, tryForMs = 600_000 } = parameters;
  const transport = createTransport(url);
  return {
    send: async (mail, signal) => {
      const onFailure = (error: unknown): void => log.warn({ error: error instanceof Error ? error.message : String(error) }, 'a mail was not taken; it is tried again');
      await retry(() => transport.sendMail({ from, ...mail }), { signal: AbortSignal.any([AbortSignal.timeout(tryForMs), ...(signal ? [signal] : [])]), firstMs: 2_000, maxMs: 60_000, onFailure });
    },
  };
}
