import type { JobDto, JobSpec, OrderDto, Receipt } from '@neurodata/protocol';
import type { Check } from '@neurodata/sdk';
import { useMutation, type UseMutationResult, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Trial } from '../components/run/trial.ts';
import { t } from '../language/t.ts';
import { reexecute } from '../workers/engine.ts';
import type { CheckpointSeen, ReexecutionProgress } from '../workers/engine.worker.ts';
import { unsealOrder } from '../workers/vault.ts';
import { receiptChecksQuery } from './jobs.ts';

/** Checkpoints of a run that are drawn one by one; longer runs show a bar only. */
const MOST_DRAWN = 400;

export type Verified = { checks: Check[]; trial: Trial | undefined };
export type Verification = { verify: UseMutationResult<Verified, Error, File | undefined>; stage: string; seen: CheckpointSeen[]; progress: Omit<ReexecutionProgress, 'seen'> | undefined };
type UseVerificationParameters = { job: JobDto; receipt: Receipt; spec: JobSpec; held: OrderDto | undefined };

/**
 * Checks a receipt against the chain and, with the rows (of the order held, or of a file given), trains again in a
 * worker, comparing each checkpoint as it comes.
 */
export function useVerification({ job, receipt, spec, held }: UseVerificationParameters): Verification {
  const queries = useQueryClient();
  const [stage, setStage] = useState('');
  const [seen, setSeen] = useState<CheckpointSeen[]>([]);
  const [progress, setProgress] = useState<Omit<ReexecutionProgress, 'seen'>>();
  const verify = useMutation<Verified, Error, File | undefined>({
    mutationFn: async (file) => {
      setSeen([]);
      setProgress(undefined);
      setStage(t`Checking the receipt against the chain`);
      const { checks, part } = await queries.fetchQuery({ ...receiptChecksQuery(job.jobId), staleTime: 0 });
      if (!file && !held) return { checks, trial: undefined };
      setStage(file ? t`Reading your file` : t`Unsealing your copy of the rows`);
      const rows = file ?? (await unsealOrder({ account: held?.buyer ?? '0x', orderId: held?.orderId ?? '0x' })).file;
      setStage(t`Training again`);
      const run = await reexecute({ rows, spec: spec.train, claim: receipt.body, rounded: spec.output === 'metrics', part }, { onProgress: ({ seen: fresh, ...far }) => {
        setProgress(far);
        // Of a long run no single checkpoint is drawn.
        if (far.total <= MOST_DRAWN) setSeen((before) => [...before, ...fresh]);
      } });
      return { checks, trial: { run, rows: file ? 'file' : 'bought' } };
    },
  });
  return { verify, stage, seen, progress };
}
