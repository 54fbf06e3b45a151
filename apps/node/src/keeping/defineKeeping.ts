import path from 'node:path';
import { cachedBlocks } from '@neurodata/storage';
import type { BlockStore } from '@neurodata/storage';
import { kuboTarget, pinningService } from '@neurodata/storage/node';
import type { DiskBlocks, PinningTarget } from '@neurodata/storage/node';
import type { Log } from '../common/logger.ts';
import type { KeepingSettings, Settings } from '../config.ts';
import type { Database } from '../db/openDatabase.ts';
import { runFiles } from '../duty/runFiles.ts';
import { checkPins } from '../jobs/checkPins.ts';
import type { PinReport } from '../jobs/checkPins.ts';
import type { BackgroundJobs } from '../jobs/index.ts';
import type { Metrics } from '../telemetry/createMetrics.ts';
import { collectGarbage } from './collectGarbage.ts';
import { createPinner } from './createPinner.ts';
import { pinFile } from './pinFile.ts';
import { wantedPins } from './wantedPins.ts';

export type KeepingParameters = {
  settings: Pick<Settings, 'home' | 'keeping'>;
  db: Database;
  log: Log;
  metrics: Pick<Metrics, 'add'>;
  jobs: Pick<BackgroundJobs, 'define'>;
  blocks: DiskBlocks;
  /** Other holders, asked for what is missing or bad here. */
  peers: readonly BlockStore[];
  /** The newest block of the chain, once it is known. */
  head: () => number | undefined;
};

/** Where the pinner notes what others keep, in the state folder. */
export const PIN_FILE = 'pins.json';

/** How a gateway looks after its blocks, as background jobs: reads and repairs them, removes what nothing names, has others keep what buyers need. */
export function defineKeeping(parameters: KeepingParameters): { /** What the last check found, for people. */ problem: () => string | undefined } {
  const { settings: { home, keeping }, db, log, metrics, jobs, blocks, peers, head } = parameters;
  const all = peers.length === 0 ? blocks : cachedBlocks([blocks, ...peers]);
  const seen = { checked: 0, repaired: 0, missing: 0, alone: 0, at: 0 };
  const note = (report: PinReport): void => {
    seen.checked += report.checked;
    seen.repaired += report.repaired;
    Object.assign(seen, { missing: report.missing.length, alone: report.alone ?? 0, at: Math.floor(Date.now() / 1_000) });
    if (report.missing.length > 0) log.warn({ missing: report.missing.slice(0, 5), count: report.missing.length }, 'blocks that buyers need are nowhere');
  };
  if (keeping === undefined) return { problem: () => undefined };
  if (keeping.checkBytes > 0) {
    jobs.define('pins', {
      retries: 1, backoff: 600, timeoutSeconds: 3_000, every: '41 * * * *',
      work: async (_data, signal) => {
        const report = await checkPins({ db, own: blocks, all, others: peers, signal, mostBytes: keeping.checkBytes });
        note(report);
        return report;
      },
    });
    metrics.add({ name: 'neurodata_storage_versions', help: 'Versions checked and parts repaired since the start; parts missing, and versions that nobody else gave, at the last check', labels: ['outcome'], read: async () => (['checked', 'repaired', 'missing', 'alone'] as const).map((outcome) => ({ labels: { outcome }, value: seen[outcome] })) });
    metrics.add({ name: 'neurodata_storage_check_seconds', help: 'When the last check ended, in seconds since 1970', read: async () => (seen.at === 0 ? [] : [{ value: seen.at }]) });
  }
  if (keeping.garbage) {
    jobs.define('garbage', {
      retries: 1, backoff: 1_800, timeoutSeconds: 6 * 3_600, every: '17 4 * * *',
      work: async (_data, signal) => {
        const newest = head();
        if (newest === undefined) throw new Error('the chain has not been read yet');
        const report = await collectGarbage({ db, own: blocks, others: peers, noted: await runFiles({ home }).cids(), head: newest, graceSeconds: keeping.graceSeconds, dryRun: false, signal });
        log.info(report, 'removed what nothing names');
        return report;
      },
    });
  }
  const targets = targetsOf(keeping, all);
  if (targets.length > 0) {
    const pinner = createPinner({ targets, file: pinFile(path.join(home, PIN_FILE)), wanted: () => wantedPins({ db, blocks: all }), log, ...(keeping.origins.length > 0 ? { origins: keeping.origins } : {}) });
    jobs.define('remote-pins', { retries: 0, backoff: 60, timeoutSeconds: 3_000, every: '*/5 * * * *', forget: true, work: (_data, signal) => pinner.step(signal) });
    metrics.add({ name: 'neurodata_remote_pins', help: 'What others are to keep, by who and how it stands', labels: ['target', 'state'], read: async () => (await pinner.count()).map(({ target, state, count }) => ({ labels: { target, state }, value: count })) });
  }
  return { problem: () => (seen.missing === 0 ? undefined : `${seen.missing} parts that buyers need were nowhere at the last check`) };
}

function targetsOf({ kubo, service }: KeepingSettings, blocks: BlockStore): PinningTarget[] {
  return [...(kubo ? [kuboTarget({ ...kubo, blocks })] : []), ...(service ? [pinningService(service)] : [])];
}
