import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the machine has been nearly idle for three seconds: a stack that was just started still trains and attests its examples, and would be measured with the pages. After three minutes it says so and goes on. */
export async function waitForRest(): Promise<void> {
  const until = Date.now() + 180_000;
  for (let quiet = 0; quiet < 3; ) {
    if (Date.now() > until) {
      process.stderr.write('The machine did not come to rest within three minutes: the figures below are those of a busy one.\n');
      return;
    }
    const before = times();
    await sleep(1_000);
    const after = times();
    quiet = after.busy - before.busy <= (after.all - before.all) / 10 ? quiet + 1 : 0;
  }
}

function times(): { busy: number; all: number } {
  let busy = 0;
  let all = 0;
  for (const { times: core } of cpus()) {
    busy += core.user + core.nice + core.sys + core.irq;
    all += core.user + core.nice + core.sys + core.irq + core.idle;
  }
  return { busy, all };
}
