import type { JobDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { useWallet } from '../../client/wallet.ts';
import { accountQuery } from '../../queries/chain.ts';
import { verdictRulesQuery } from '../../queries/jobs.ts';
import { useAppealRunMutation } from '../../queries/mutations.ts';
import { Money, useNow, When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';

/** For the worker of a rejected run, while it can appeal: a fresh committee is asked, against a bond. */
export function AppealRun({ job }: { job: JobDto }): JSX.Element | null {
  const [open, setOpen] = useState(false);
  const wallet = useWallet();
  const late = useNow() > (job.deadline ?? Infinity);
  const isWorker = wallet !== undefined && job.worker?.toLowerCase() === wallet.address.toLowerCase();
  // One is under way, or was answered. Where referees did not decide, they can be asked again.
  const appealed = job.challenges.some(({ kind, outcome }) => kind === 'appeal' && outcome !== 'doubt');
  if (!isWorker || ((late || appealed) && !open)) return null;
  return (
    <div className="panel grid gap-3 p-5">
      <h2 className="text-lg">Were they wrong?</h2>
      <p className="text-muted">Validators rejected your receipt. You can ask a fresh committee{job.deadline !== undefined && <>; the time for that ends <When at={job.deadline} /></>}. A node’s worker runs it again and appeals by itself, if it holds the bond.</p>
      <Button onClick={() => setOpen(true)}>Appeal</Button>
      {open && <AppealDialog job={job} onClose={() => setOpen(false)} />}
    </div>
  );
}

function AppealDialog({ job, onClose }: { job: JobDto; onClose: () => void }): JSX.Element {
  const rules = useQuery(verdictRulesQuery());
  const { data: account } = useQuery(accountQuery(job.worker));
  const appeal = useMutation(useAppealRunMutation());
  const short = account !== undefined && rules.data !== undefined && account.balance < rules.data.bond;
  return (
    <Modal open onOpenChange={(open) => !open && !appeal.isPending && onClose()} title="Appeal against the rejection" description={job.assetTitle}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {rules.isPending && <Skeleton className="h-40" />}
        {rules.isError && <Failure error={rules.error} safe="Nothing was sent." retry={() => void rules.refetch()} />}
        {rules.data && <Terms job={job} {...rules.data} />}
        {short && <p role="alert" className="rounded-md bg-warn-soft px-3 py-2 text-warn">This wallet holds <Money amount={account.balance} />, too little for the bond.</p>}
        {appeal.isError && <Failure error={appeal.error} safe="If the appeal was opened, this page shows it. Otherwise no bond was taken." />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose} disabled={appeal.isPending}>Not now</Button>
          <Button look="primary" busy={appeal.isPending} disabled={!rules.data || short} onClick={() => appeal.mutate(job.jobId, { onSuccess: onClose })}>Sign and appeal</Button>
        </div>
      </div>
    </Modal>
  );
}

/** What the bond is, where it goes, and until when. */
function Terms({ job: { bond: locked = 0n, deadline }, bond, refereeFee }: { job: JobDto; bond: bigint; refereeFee: bigint }): JSX.Element {
  return (
    <div className="grid gap-3">
      <p>You put up a bond of <Money amount={bond} strong />. Validators who have not seen the run then do all of it again; they cost <Money amount={refereeFee} /> of it.</p>
      <ul className="grid list-disc gap-1 pl-5">
        <li>If they find the receipt right: the other <Money amount={bond - refereeFee} /> comes back, you are paid for the run, the <Money amount={locked} /> that you locked for it is free again, and a part of what those lose who rejected it is yours.</li>
        <li>If they find it wrong: you lose the bond, and the rejection stands.</li>
        <li>If they come to no verdict: what is left of the bond comes back, and the rejection stands.</li>
      </ul>
      {deadline !== undefined && <p className="text-sm text-muted">The time to appeal ends <When at={deadline} />. Without one the buyer gets the money back, and what you locked for the run is lost.</p>}
    </div>
  );
}
