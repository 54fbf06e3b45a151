/** Entry of the engine's thread: one task in, progress and one answer out, then it ends. */
import { EngineError, auditRun, auditSegments, meterProgress, openAuditor, readModel, replay, train } from '@neurodata/engine';
import type { Checkpoint } from '@neurodata/engine';
import { startNodeMember } from '@neurodata/engine/node';
import { parentPort, workerData } from 'node:worker_threads';
import { stopMessage } from './engineTask.ts';
import type { AuditTask, Audited, CheckpointRequest, EngineAnswer, EngineTask } from './engineTask.ts';

function post(answer: EngineAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  parentPort?.postMessage(answer);
}

async function runTask(task: EngineTask): Promise<unknown> {
  if (task.kind === 'model') return readModel(task.model);
  // What is compared is digests and losses: the states stay here.
  if (task.kind === 'replay') return (await replay(task)).map(({ step, loss, digest }) => ({ step, loss, digest }));
  if (task.kind === 'audit') return audit(task);
  return runTraining(task);
}

async function runTraining(task: Extract<EngineTask, { kind: 'train' }>): Promise<unknown> {
  let stopping = false;
  let made: readonly Checkpoint[] = [];
  parentPort?.on('message', (message: typeof stopMessage | CheckpointRequest) => {
    if (message === stopMessage) stopping = true;
    else post({ type: 'checkpoints', checkpoints: made.slice(message.checkpointsFrom) });
  });
  const meter = meterProgress((progress) => post({ type: 'progress', progress }));
  try {
    return await train({
      csv: () => {
        const { csv } = task;
        // The task outlives the reading: it would hold the file's bytes to the end of the run.
        task.csv = new Uint8Array();
        return csv;
      },
      spec: task.spec,
      threads: task.threads,
      startMember: startNodeMember,
      ...(task.lastStep === undefined ? {} : { lastStep: task.lastStep }),
      ...(task.resume ? { resume: task.resume } : {}),
      onStart: (checkpoints) => { made = checkpoints; },
      traced: task.traced === true,
      shouldStop: () => stopping,
      onProgress: meter.onProgress,
    });
  } finally {
    meter.stop();
  }
}

async function audit({ csv, spec, threads, claim: told, states, draw }: AuditTask): Promise<Audited> {
  const kept = new Map(states.map(({ step, state }) => [step, state]));
  const claim = { ...told, stateAt: (step: number) => kept.get(step) };
  const auditor = await openAuditor({ csv, spec, threads, startMember: startNodeMember });
  try {
    const { maxSteps, checkpoints } = auditor;
    const about = { maxSteps, chain: checkpoints === 'chain' };
    if ('seed' in draw) return { ...about, run: await auditRun({ auditor, claim, seed: draw.seed }) };
    return { ...about, segments: await auditSegments({ auditor, claim, segments: draw.segments }) };
  } finally {
    auditor.close();
  }
}

try {
  // Only runEngineTask starts this thread, with exactly this type.
  post({ type: 'result', value: await runTask(workerData as EngineTask) });
} catch (error) {
  if (!(error instanceof EngineError)) throw error;
  post({ type: 'refused', code: error.code, message: error.message });
}
