import { spawnSync } from 'node:child_process';
import { findPostgres } from '../apps/node/src/db/testing/findPostgres.ts';

/** The folder of PostgreSQL's programs, installed first where CI runs as root on Debian; or why there is none. */
export function ensurePostgres(environment: Record<string, string | undefined> = process.env): { programs?: string; reason?: string } {
  const found = findPostgres(environment['PATH'] ?? '');
  if (found) return { programs: found };
  const why = 'PostgreSQL is not installed (Debian: apt-get install postgresql), and NEURODATA_TEST_DATABASE_URL names no server';
  if (!environment['CI']) return { reason: why };
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return { reason: `${why}; it can be installed by root on Debian only` };
  console.error('Installing PostgreSQL for the database tests (apt-get install postgresql)');
  const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive' } as NodeJS.ProcessEnv;
  spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2], env });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'], { stdio: ['ignore', 2, 2], env });
  const installed = findPostgres(environment['PATH'] ?? '');
  return installed ? { programs: installed } : { reason: `${why}; installing it failed` };
}
