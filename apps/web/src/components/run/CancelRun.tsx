import type { JobDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { verdictRulesQuery } from '../../queries/jobs.ts';
import { useCancelRunMutation } from '../../queries/mutations.ts';
import { duration, Money, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';
import { paidFor } from './paidFor.ts';

/** For the buyer of a run that has no receipt yet: takes it back, after saying what stays paid. */
export function CancelRun({ job }: { job: JobDto }): JSX.Element | null {
  const [asking, setAsking] = useState(false);
  // The dialog stays to say what happened when the worker was faster.
  if (job.state !== 'open' && job.state !== 'claimed' && !asking) return null;
  return (
    <>
      <Button onClick={() => setAsking(true)}>Cancel the run</Button>
      {asking && <CancelDialog job={job} onClose={() => setAsking(false)} />}
    </>
  );
}

function CancelDialog({ job, onClose }: { job: JobDto; onClose: () => void }): JSX.Element {
  const cancel = useMutation(useCancelRunMutation());
  const total = job.price + job.workerFee + job.validationFee;
  const begun = job.state === 'claimed';
  const possible = begun || job.state === 'open';
  return (
    <Modal open onOpenChange={(open) => !open && !cancel.isPending && onClose()} title="Cancel the run" description={job.assetTitle}>
      {job.state === 'open' && <p>No worker has begun. All of it comes back at once: <Money amount={total} strong />.</p>}
      {begun && <Begun job={job} total={total} />}
      {!possible && <p>It cannot be cancelled any more: the worker has handed in its result.</p>}
      {cancel.isError && <div className="mt-4"><Failure error={cancel.error} safe="The run goes on, and the money stays in escrow." /></div>}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose} disabled={cancel.isPending}>{possible ? 'Let it run' : 'Close'}</Button>
        {possible && <Button look="danger" busy={cancel.isPending} onClick={() => cancel.mutate(job.jobId, { onSuccess: onClose })}>Cancel the run now</Button>}
      </div>
    </Modal>
  );
}

function Begun({ job, total }: { job: JobDto; total: bigint }): JSX.Element {
  const { data: rules } = useQuery(verdictRulesQuery());
  const { step = 0, maxSteps = 0 } = job.progress ?? {};
  const atMost = job.price + job.workerFee;
  return (
    <div className="grid gap-2">
      <p>A worker has begun. You pay for the steps that it hands in, and the rest comes back.</p>
      <ul className="grid list-disc gap-1 pl-5 text-muted">
        <li>Steps: their part of <Money amount={atMost} />, out of all the steps that you asked for.{maxSteps > 0 && <> By its own word it has made {step} of at most {plural(maxSteps, 'step')}: <Money amount={paidFor({ amount: atMost, step, maxSteps })} />.</>}</li>
        <li>Validators: <Money amount={job.validationFee} /> for running those steps again.</li>
        <li>It has {rules ? duration(rules.cancelWindow) : 'a short while'} to hand them in. If it does not, all of <Money amount={total} /> comes back.</li>
      </ul>
    </div>
  );
}
