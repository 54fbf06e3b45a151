import { createLogger } from '../common/logger.ts';
import { openDatabase } from './openDatabase.ts';

// Run by openDatabase.test.ts, which kills it: writes rows for ever and says which ones were acknowledged.
const db = await openDatabase({ folder: process.argv[2] ?? 'memory://', log: createLogger({ level: 'silent' }) });
await db.pool.query('CREATE TABLE IF NOT EXISTS written (n int PRIMARY KEY)');
const { rows } = await db.pool.query<{ last: number | null }>('SELECT max(n) AS last FROM written');
for (let n = (rows[0]?.last ?? 0) + 1; ; n += 1) {
  await db.pool.query('INSERT INTO written VALUES ($1)', [n]);
  process.stdout.write(`${n}\n`);
}
