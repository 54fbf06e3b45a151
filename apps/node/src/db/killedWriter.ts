import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../common/logger.ts';
import { openDatabase } from './openDatabase.ts';

// Run by openDatabase.test.ts, which kills it or takes its disk away: writes rows for ever and says which ones were acknowledged.
const onDeath = (error: Error): void => {
  process.stderr.write(error.message, () => process.exit(1));
};
const db = await openDatabase({ folder: process.argv[2] ?? 'memory://', log: createLogger({ level: 'silent' }), onDeath });
await db.pool.query('CREATE TABLE IF NOT EXISTS written (n int PRIMARY KEY)');
const { rows } = await db.pool.query<{ last: number | null }>('SELECT max(n) AS last FROM written');
for (let n = (rows[0]?.last ?? 0) + 1; ;) {
  // A statement that fails changes nothing; it is tried again.
  const written = await db.pool.query('INSERT INTO written VALUES ($1)', [n]).then(() => true, () => sleep(20, false));
  if (!written) continue;
  process.stdout.write(`${n}\n`);
  n += 1;
}
