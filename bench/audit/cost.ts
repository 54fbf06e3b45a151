import { type TrainSpecInput, auditRun, openAuditor, sha256Hex, train } from '@neurodata/engine';
import { cpuTime } from './cpuTime.ts';

export type Cost = { name: string; steps: number; training: number; preparing: number; segments: number; concluding: number; reexecuted: number; share: number; passed: boolean };

/** What an audit of 44 segments costs beside `train`, which prepares the rows and measures the model too. Milliseconds of the processor's time. */
export async function measureCost(name: string, csv: Uint8Array, spec: TrainSpecInput): Promise<Cost> {
  const began = cpuTime();
  const run = await train({ csv, spec });
  const trained = cpuTime();
  const auditor = await openAuditor({ csv, spec });
  const opened = cpuTime();
  let made = opened;
  const { finding, reexecuted, steps } = await auditRun({
    auditor, onProgress: () => {
      made = cpuTime();
    }, seed: sha256Hex(new TextEncoder().encode(name)), count: 44,
    claim: { ...run, checkpointDigests: run.checkpoints.map(({ digest }) => digest), stateAt: (step) => run.checkpoints[step]?.state },
  });
  const audited = cpuTime();
  auditor.close();
  const training = trained - began;
  return { name, steps, training, preparing: opened - trained, segments: made - opened, concluding: audited - made, reexecuted, share: (audited - trained) / training, passed: finding === undefined };
}
