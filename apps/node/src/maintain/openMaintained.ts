import { access } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { lockFolder } from '../chain/folderLock.ts';
import { createLogger } from '../common/logger.ts';
import { readSettings } from '../config.ts';
import type { Settings } from '../config.ts';
import { openDatabase } from '../db/openDatabase.ts';
import type { Database } from '../db/openDatabase.ts';

export type Environment = Record<string, string | undefined>;
export type Maintained = { db: Database; settings: Settings; /** For people: which database it is, without its password. */ name: string; close(): Promise<void> };

/**
 * Opens the database that a node with this environment uses, for a command. An embedded one is held by one process at a time.
 *
 * @param isNew Whether it may be made here.
 * @throws NeuroError CONFLICT while a node runs on the embedded one, NOT_FOUND where there is none, UNREACHABLE.
 */
export async function openMaintained(parameters: { environment?: Environment | undefined; migrating?: (name: string) => boolean; isNew?: boolean }): Promise<Maintained> {
  const { environment, migrating = () => false, isNew = false } = parameters;
  const settings = readSettings(environment);
  const log = createLogger({ level: 'silent' });
  const { databaseUrl, home } = settings;
  if (databaseUrl !== undefined) {
    const db = await openDatabase({ url: databaseUrl, log, migrating });
    await db.pool.query('SELECT 1').catch(async (cause: unknown) => {
      await db.close();
      throw new NeuroError(`The database at ${nameOf(databaseUrl)} does not answer.`, { code: 'UNREACHABLE', cause, details: String(cause), retryable: true, remedy: 'Check that the server runs and that NEURODATA_DATABASE_URL names it.' });
    });
    return { db, settings, name: nameOf(databaseUrl), close: db.close };
  }
  const folder = path.join(home, 'database');
  if (!isNew && !(await exists(folder))) throw new NeuroError(`There is no database in ${home}.`, { code: 'NOT_FOUND', remedy: 'Name the state folder with NEURODATA_HOME, or a server with NEURODATA_DATABASE_URL.' });
  const lock = await lockFolder(home);
  try {
    const db = await openDatabase({ folder, log, migrating });
    const close = async (): Promise<void> => {
      await db.close();
      await lock.release();
    };
    return { db, settings, name: folder, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

const exists = (file: string): Promise<boolean> => access(file).then(() => true, () => false);

function nameOf(text: string): string {
  const url = new URL(text);
  url.password = '';
  return url.href;
}
