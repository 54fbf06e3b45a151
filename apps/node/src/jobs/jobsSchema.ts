import { PgBoss } from 'pg-boss';
import type { Database } from '../db/openDatabase.ts';
import { jobsDatabase } from './jobsDatabase.ts';

/** Where pg-boss keeps its tables. */
export const jobsSchema = 'pgboss';

/** Makes pg-boss's tables where they are missing, and brings them up to date, for whoever fills them without doing jobs. */
export async function prepareJobsSchema(db: Pick<Database, 'pool' | 'embedded'>): Promise<void> {
  const boss = new PgBoss({ db: jobsDatabase(db.pool), schema: jobsSchema, backend: db.embedded ? 'pglite' : 'postgres', supervise: false, schedule: false, reindex: false, monitorVacuum: false, persistWarnings: false });
  try {
    await boss.start();
  } finally {
    await boss.stop({ graceful: false });
  }
}
