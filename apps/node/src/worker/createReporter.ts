import { trialProgress } from '@neurodata/protocol';
import type { Progress } from '@neurodata/protocol';
import type { Hex } from 'viem';
import type { WorkerSetup } from './setup.ts';

/** Tells a job's progress, one write at a time; what comes while a write is under way replaces what waits. */
export type Reporter = {
  tell(change: Partial<Omit<Progress, 'updatedAt'>>): void;
  /** Resolves when the newest state is written. */
  stop(): Promise<void>;
};

const HEARTBEAT_MS = 500;
const busyStages: ReadonlySet<Progress['stage']> = new Set(['fetching', 'unsealing', 'training', 'sealing', 'submitting']);

/** Ends by `stop`. Of a trial no more is told than {@link trialProgress} leaves. */
export function createReporter(setup: Pick<WorkerSetup, 'progress' | 'log'>, { jobId, trial }: { jobId: Hex; trial: boolean }): Reporter {
  let current: Omit<Progress, 'updatedAt'> = { stage: 'waiting', step: 0, maxSteps: 0, lossCurve: [] };
  let dirty = false;
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    while (dirty) {
      dirty = false;
      const now = { ...current, updatedAt: Math.floor(Date.now() / 1_000) };
      await setup.progress.write(jobId, trial ? trialProgress(now) : now).catch((error: unknown) => {
        setup.log.warn({ err: error, jobId }, 'progress could not be written');
      });
    }
    writing = undefined;
  }
  function push(): void {
    dirty = true;
    writing ??= write();
  }
  // A long step must not look like a dead worker.
  const heartbeat = setInterval(() => {
    if (busyStages.has(current.stage)) push();
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    tell: (change) => {
      current = { ...current, ...change };
      push();
    },
    stop: async () => {
      clearInterval(heartbeat);
      await writing;
    },
  };
}
