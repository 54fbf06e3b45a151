import { toNeuroError } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { zeroHash } from 'viem';
import type { WorkerSetup } from './setup.ts';

/** Where a run stands: its newest step whose state is kept, and the digest of the document that says where; see `saveCheckpoints`. */
export type Beat = { step: number; checkpoint: Hex };
export const noBeat: Beat = { step: 0, checkpoint: zeroHash };

/** `save` keeps what the run has made so far; what it throws makes that heartbeat one without a checkpoint. `stop` resolves when none is under way. */
export type Heartbeat = { watch(save: () => Promise<Beat>): void; stop(): Promise<void> };

/** Heartbeats within the window that the chain allows between two: one may be lost. */
const WITHIN_WINDOW = 3;

/**
 * Says on chain, now and then, that this worker is at work on a job, so that nobody takes it over. A run that ends within a
 * third of the window costs no transaction. `sinceHeard` and `window` are seconds of the chain's clock.
 */
export function createHeartbeat(parameters: { setup: WorkerSetup; jobId: Hex; sinceHeard: number; window: number }): Heartbeat {
  const { setup, jobId, sinceHeard, window } = parameters;
  const { client, contracts, log } = setup;
  const everyMs = (window * 1_000) / WITHIN_WINDOW;
  let save: () => Promise<Beat> = () => Promise.resolve(noBeat);
  let timer: NodeJS.Timeout | undefined;
  let beating: Promise<void> = Promise.resolve();
  let stopped = false;

  async function beat(): Promise<void> {
    const { step, checkpoint } = await save().catch((error: unknown) => {
      log.warn({ err: error, jobId }, 'the states of a run could not be kept');
      return noBeat;
    });
    if (stopped) return;
    await client.send({ ...contracts.training, functionName: 'heartbeat', args: [jobId, step, checkpoint], sentence: `Say that job ${jobId} is at work` });
    log.info({ jobId, step }, 'sent a heartbeat');
  }
  function wait(milliseconds: number): void {
    timer = setTimeout(() => {
      beating = beat().catch((error: unknown) => {
        log.warn({ err: error, code: toNeuroError(error).code, jobId }, 'a heartbeat did not get through');
      }).finally(() => {
        if (!stopped) wait(everyMs);
      });
    }, milliseconds);
  }
  wait(Math.max(0, everyMs - sinceHeard * 1_000));
  return {
    watch: (how) => { save = how; },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await beating;
    },
  };
}
