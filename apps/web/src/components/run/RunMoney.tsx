import type { JobDto } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import type { JSX } from 'react';
import { t } from '../../language/t.ts';
import { useRefundRunMutation } from '../../queries/mutations.ts';
import { Account } from '../Account.tsx';
import { Money, useNow } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Facts } from '../Layout.tsx';
import { CancelRun } from './CancelRun.tsx';

const inEscrow: JobDto['state'][] = ['open', 'claimed', 'submitted'];
const returnable: JobDto['state'][] = ['open', 'claimed', 'cancelled'];

/** Where the run's money is, and who gets what. */
export function RunMoney({ job, isBuyer }: { job: JobDto; isBuyer: boolean }): JSX.Element {
  const total = job.price + job.workerFee + job.validationFee;
  const refund = useMutation(useRefundRunMutation());
  const late = useNow() > (job.deadline ?? Infinity) && returnable.includes(job.state);
  return (
    <div className="panel grid gap-4 p-5">
      <p className="text-lg" aria-live="polite"><Money amount={total} strong /> {sentence(job)}</p>
      <Facts facts={[
        ['Owner', <Money key="owner" amount={job.price} />],
        [job.worker ? 'Worker' : 'Worker, at most', <Money key="worker" amount={job.workerFee} />],
        ['Validators', <Money key="validators" amount={job.validationFee} />],
        ['Bond', job.bond !== undefined && job.bond > 0n ? <Money key="bond" amount={job.bond} /> : undefined],
        ['Buyer', <Account key="buyer" address={job.buyer} />],
        ['Run by', job.worker && <Account key="runner" address={job.worker} />],
        ['Lost by', job.lost.length > 0 ? <span key="lost" className="grid gap-1">{job.lost.map((account) => <Account key={account} address={account} />)}</span> : undefined],
      ]} />
      {isBuyer && !late && <CancelRun job={job} />}
      {late && (
        <>
          <p className="text-muted">Nobody finished it in time. The money can go back to the buyer; anybody may send the transaction.</p>
          <Button look={isBuyer ? 'primary' : 'secondary'} busy={refund.isPending} onClick={() => refund.mutate(job.jobId)}>Refund</Button>
          {refund.isError && <Failure error={refund.error} safe="The money stays in escrow." />}
        </>
      )}
    </div>
  );
}

function sentence({ state, receipt }: JobDto): string {
  const part = receipt && receipt.totalSteps > 0 ? t`${receipt.checkpoints - 1} of ${receipt.totalSteps} steps` : undefined;
  if (state === 'cancelled') return t`in escrow. The worker may still hand in the steps that it has made; the rest comes back to the buyer.`;
  if (state === 'accepted') return t`in escrow until the verdict can no longer be challenged.`;
  if (state === 'rejected') return t`in escrow until the worker can no longer appeal; then it goes back to the buyer.`;
  if (state === 'settled' && part) return t`were paid in. Cancelled by the buyer: ${part} are paid out, the rest is back with the buyer.`;
  if (inEscrow.includes(state)) return t`in escrow until validators agree on the result.`;
  if (state === 'settled') return t`paid out: validators got the same model.`;
  if (state === 'slashed') return t`back with the buyer: validators got another model, and the worker lost its bond.`;
  if (state === 'refunded') return t`refunded to the buyer.`;
  return t`not paid yet.`;
}
