import os from 'node:os';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { z } from 'zod';

/** How long things may take on chain, in seconds; a deployment fixes them. */
export type Windows = { grant: number; grantMargin: number; confirm: number; dispute: number; escalate: number; commit: number; reveal: number; jobClaim: number; jobOpen: number; jobRun: number; jobCancel: number; jobChallenge: number; move: number };

export type Settings = {
  /** The one folder that holds all state. */
  home: string;
  host: string;
  /** 0 picks a free port. */
  port: number;
  chainId: number;
  /** A PostgreSQL server; embedded PGlite where absent. */
  databaseUrl?: string;
  validators: number;
  workers: number;
  /** In which the engine trains, for each run; 1 to 16. They change the time and no bit. */
  threads: number;
  /** Whether this node's validators challenge, with a bond, what the others accepted and they found wrong. */
  challenges: boolean;
  /** The part of runs, 0 to 1, that this node's workers hand in wrong on purpose, to try the validators. */
  canaries: number;
  /** Origins besides the node's own that may write, e.g. where the site is served from. */
  allowedOrigins: string[];
  seed: boolean;
  web: boolean;
  windows: Windows;
  logLevel: string;
};

export const defaultWindows: Windows = {
  grant: 600, grantMargin: 60, confirm: 3 * 86_400, dispute: 7 * 86_400, escalate: 3 * 86_400, commit: 180, reveal: 180, jobClaim: 60, jobOpen: 900, jobRun: 900, jobCancel: 60, jobChallenge: 4, move: 60,
};

const integer = (low: number, high: number) => z.coerce.number().int().min(low).max(high);
const flag = z.enum(['0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true');

const environmentSchema = z.object({
  NEURODATA_HOME: z.string().min(1).default('.neurodata'),
  NEURODATA_HOST: z.string().min(1).default('127.0.0.1'),
  NEURODATA_PORT: integer(0, 65_535).default(4000),
  NEURODATA_CHAIN_ID: integer(1, 4_294_967_295).default(31_337),
  NEURODATA_DATABASE_URL: z.string().min(1).optional(),
  NEURODATA_VALIDATORS: integer(3, 12).default(3),
  NEURODATA_CHALLENGES: flag.default(true),
  NEURODATA_CANARIES: z.coerce.number().min(0).max(1).default(0),
  NEURODATA_WORKERS: integer(1, 8).default(2),
  NEURODATA_THREADS: integer(1, 16).default(Math.min(Math.max(os.availableParallelism() - 1, 1), 16)),
  NEURODATA_ALLOWED_ORIGINS: z.string().default('').transform((text) => text.split(',').map((origin) => origin.trim()).filter(Boolean)).pipe(z.array(z.url())),
  NEURODATA_SEED: flag.default(true),
  NEURODATA_WEB: flag.default(true),
  NEURODATA_LOG: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('warn'),
});

/** Reads the node's settings from the environment: the only place that does. Throws BAD_INPUT naming the variable. */
export function readSettings(environment: Record<string, string | undefined> = process.env): Settings {
  const result = environmentSchema.safeParse(environment);
  if (!result.success) throw new NeuroError('The environment is not valid.', { code: 'BAD_INPUT', details: z.prettifyError(result.error), remedy: 'Correct what is named below and start again.' });
  const env = result.data;
  return {
    home: path.resolve(env.NEURODATA_HOME),
    host: env.NEURODATA_HOST,
    port: env.NEURODATA_PORT,
    chainId: env.NEURODATA_CHAIN_ID,
    ...(env.NEURODATA_DATABASE_URL ? { databaseUrl: env.NEURODATA_DATABASE_URL } : {}),
    validators: env.NEURODATA_VALIDATORS,
    workers: env.NEURODATA_WORKERS,
    threads: env.NEURODATA_THREADS,
    challenges: env.NEURODATA_CHALLENGES,
    canaries: env.NEURODATA_CANARIES,
    allowedOrigins: env.NEURODATA_ALLOWED_ORIGINS,
    seed: env.NEURODATA_SEED,
    web: env.NEURODATA_WEB,
    windows: defaultWindows,
    logLevel: env.NEURODATA_LOG,
  };
}
