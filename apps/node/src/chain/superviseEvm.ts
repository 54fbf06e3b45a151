import { setTimeout as sleep } from 'node:timers/promises';
import { NeuroError } from '@neurodata/protocol';
import { type Anvil, AnvilGone } from './anvilProcess.ts';
import type { MinedBlock } from './mineBlock.ts';

export type EvmSupervisor = {
  /** The running anvil, once it holds every journalled block; waits while it is being replaced. */
  ready: () => Promise<Anvil>;
  /** Says that this anvil is of no use any more; returns when its replacement is ready. */
  replace: (broken: Anvil) => Promise<void>;
  head: () => MinedBlock;
  advance: (head: MinedBlock) => void;
  stop: () => Promise<void>;
};

type Restore = () => Promise<{ anvil: Anvil; head: MinedBlock }>;

const attempts = 4;

/** anvil may end while it is being restored, too; a journal that does not fit will not fit the next time either. */
async function restoreWithPatience(restore: Restore, log: (line: string) => void): ReturnType<Restore> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await restore();
    } catch (error) {
      log(`chain: anvil could not be restored (${tries} of ${attempts}): ${error instanceof Error ? error.message : String(error)}`);
      if (!(error instanceof AnvilGone) || tries >= attempts) throw error;
      await sleep(100 * 2 ** tries);
    }
  }
}

/**
 * Keeps an EVM process running: restores it at the start, and again whenever it ends by itself.
 *
 * @throws NeuroError (from `ready` and `replace`) when it cannot be restored.
 */
export async function superviseEvm(parameters: {
  restore: Restore;
  log: (line: string) => void;
}): Promise<EvmSupervisor> {
  const { restore, log } = parameters;
  let stopped = false;
  let { anvil, head } = await restoreWithPatience(restore, log);
  let current: Promise<Anvil>;

  const restoreAgain = async (): Promise<Anvil> => {
    const began = performance.now();
    ({ anvil, head } = await restoreWithPatience(restore, log));
    log(`chain: anvil runs again at block ${head.number} after ${Math.round(performance.now() - began)} ms`);
    watch(anvil);
    return anvil;
  };

  const replaceIfCurrent = async (broken: Anvil): Promise<void> => {
    if (stopped) throw new NeuroError('The embedded chain has stopped.', { code: 'NOT_READY' });
    if (broken === anvil && (await Promise.race([current, undefined])) === broken) {
      current = broken.kill().then(restoreAgain);
      current.catch(() => undefined);
    }
    await current;
  };

  const watch = (watched: Anvil): void => {
    const startAgain = async (): Promise<void> => {
      await watched.exited;
      if (stopped || watched !== anvil) return;
      log(`chain: anvil (process ${watched.pid}) ended; starting it again`);
      await replaceIfCurrent(watched);
    };
    // Whoever needs it hears of a failure from `ready`.
    startAgain().catch(() => undefined);
  };

  current = Promise.resolve(anvil);
  watch(anvil);
  return {
    ready: () => current,
    replace: replaceIfCurrent,
    head: () => head,
    advance: (block) => { head = block; },
    stop: async () => {
      stopped = true;
      await current.catch(() => undefined);
      await anvil.kill();
    },
  };
}
