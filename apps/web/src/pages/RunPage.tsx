import type { JobDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link, useParams } from 'react-router';
import { useWallet, useWalletPending } from '../client/wallet.ts';
import { Hash } from '../components/Copy.tsx';
import { ActivityList } from '../components/Activity.tsx';
import { Attestations } from '../components/Evidence.tsx';
import { Failure, PageSkeleton, Skeleton } from '../components/Feedback.tsx';
import { Section } from '../components/Layout.tsx';
import { AppealRun } from '../components/run/AppealRun.tsx';
import { ChallengeRun } from '../components/run/ChallengeRun.tsx';
import { Challenges } from '../components/run/Challenges.tsx';
import { ModelActions } from '../components/run/ModelActions.tsx';
import { ReceiptFacts } from '../components/run/ReceiptFacts.tsx';
import { Results } from '../components/run/Results.tsx';
import { RunMoney } from '../components/run/RunMoney.tsx';
import { Stages } from '../components/run/Stages.tsx';
import { TrialFee } from '../components/run/TrialFee.tsx';
import { VerifyPanel } from '../components/run/VerifyPanel.tsx';
import { JobBadge } from '../components/State.tsx';
import { jobQuery, receiptQuery } from '../queries/jobs.ts';
import { ordersQuery } from '../queries/orders.ts';
import { trialQuery } from '../queries/trials.ts';
import { NotFound } from './NotFound.tsx';

const moving: JobDto['state'][] = ['none', 'open', 'claimed', 'cancelled', 'submitted', 'accepted', 'rejected'];

/** One training run, live: from the order to the receipt that anybody can execute again. */
export function RunPage(): JSX.Element {
  const { jobId = '' } = useParams();
  if (!/^0x02[0-9a-f]{62}$/i.test(jobId)) return <NotFound />;
  return <Run jobId={jobId.toLowerCase() as `0x${string}`} />;
}

function Run({ jobId }: { jobId: `0x${string}` }): JSX.Element {
  const { data: job, error, refetch } = useQuery({ ...jobQuery(jobId), refetchInterval: ({ state }) => (state.error || moving.includes(state.data?.state ?? 'none') ? 2_000 : false) });
  if (error && !job) return <Failure error={error} safe="If you have just started it, the node may need a moment to see the block. Your money is in escrow, on chain." retry={() => void refetch()} />;
  if (!job) return <PageSkeleton />;
  return <RunView job={job} />;
}

function RunView({ job }: { job: JobDto }): JSX.Element {
  const wallet = useWallet();
  const isBuyer = wallet?.address.toLowerCase() === job.buyer.toLowerCase();
  const receipt = useQuery(receiptQuery(job));
  const { data: trial, isPending: isTrialPending } = useQuery({ ...trialQuery(job.jobId), refetchInterval: ({ state }) => (state.data?.state === 'held' ? 5_000 : false) });
  const orders = useQuery({ ...ordersQuery({ buyer: wallet?.address, assetId: job.assetId }), enabled: wallet !== undefined });
  // What parts of the page hang on, most of all those at its top: it is drawn once that is known, so that nothing is put in later.
  const isKnown = !useWalletPending() && !isTrialPending && !orders.isLoading;
  return (
    <>
      <title>{`Run on ${job.assetTitle} · NeuroData`}</title>
      <div className="mb-6 grid gap-2">
        <div className="flex flex-wrap items-center gap-3"><span className="text-sm text-muted">Run <Hash value={job.jobId} label="run id" /></span><JobBadge state={job.state} /></div>
        <h1 className="text-2xl break-words">Run on <Link to={`/datasets/${job.assetId}`} className="hover:underline">{job.assetTitle}</Link></h1>
      </div>
      {!isKnown && <Skeleton className="h-dvh rounded-lg" />}
      {isKnown && (
        <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_320px]">
          <aside aria-label="Model and money" className="grid gap-6 lg:sticky lg:top-20 lg:col-start-2 lg:row-start-1">
            {trial && <TrialFee trial={trial} />}
            {isBuyer && trial === null && job.receipt && <ModelActions job={job} receipt={receipt.data?.receipt} spec={receipt.data?.spec} />}
            <RunMoney job={job} isBuyer={isBuyer} />
            {job.state === 'accepted' && <ChallengeRun key={wallet?.address ?? ''} job={job} run={receipt.data} />}
            {job.state === 'rejected' && <AppealRun key={wallet?.address ?? ''} job={job} />}
          </aside>
          <div className="grid min-w-0 gap-6 lg:col-start-1 lg:row-start-1">
            <Stages job={job} body={receipt.data?.receipt.body} />
            {receipt.isError && <Failure error={receipt.error} safe="The receipt’s digest is on chain; only its text could not be read." retry={() => void receipt.refetch()} />}
            {receipt.data && <Results body={receipt.data.receipt.body} spec={receipt.data.spec} />}
            {job.receipt && receipt.data && <VerifyPanel key={wallet?.address ?? ''} job={job} receipt={receipt.data.receipt} spec={receipt.data.spec} />}
            {job.receipt && receipt.isPending && <Skeleton className="h-dvh rounded-lg" />}
            {job.round && <Section title="Attestations"><Attestations round={job.round} /></Section>}
            {job.challenges.length > 0 && <Challenges challenges={job.challenges} />}
            {receipt.data && <ReceiptFacts job={job} receipt={receipt.data.receipt} spec={receipt.data.spec} />}
            <Section title="Activity"><ActivityList activity={job.activity} /></Section>
          </div>
        </div>
      )}
    </>
  );
}
