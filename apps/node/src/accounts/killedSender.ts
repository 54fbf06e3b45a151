import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../common/logger.ts';
import { openDatabase } from '../db/openDatabase.ts';
import { createBackgroundJobs } from '../jobs/index.ts';
import { createOutbox } from './createOutbox.ts';
import { createSecretBox } from './createSecretBox.ts';

/** For `fullDisk.test.ts`: promises mails for ever, prints how many were promised, and delivers none. Its database's end is its end. */
const onDeath = (error: Error): void => {
  process.stderr.write(error.message, () => process.exit(1));
};
const log = createLogger({ level: 'silent' });
const db = await openDatabase({ folder: process.argv[2] ?? 'memory://', log, onDeath });
const jobs = createBackgroundJobs({ db, log });
// A mail server that takes its time.
const transport = { deliver: () => new Promise<never>(() => undefined) };
const mailer = createOutbox({ jobs, transport, box: createSecretBox(new Uint8Array(32)), now: () => Math.floor(Date.now() / 1_000) });
await jobs.start();
for (let n = 1; ;) {
  const promised = await db.orm.transaction((tx) => mailer.send({ to: `a${n}@example.org`, subject: `Mail ${n}`, text: 'x'.repeat(2_000) }, tx)).then(() => true, () => sleep(20, false));
  if (!promised) continue;
  process.stdout.write(`${n}\n`);
  n += 1;
}
