import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import type { Address } from 'viem';
import { useWallet } from '../client/wallet.ts';
import { RunTable } from '../components/asset/RunList.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { PageTitle, Section } from '../components/Layout.tsx';
import { WalletNeeded } from '../components/WalletNeeded.tsx';
import { jobsQuery } from '../queries/jobs.ts';

/** The wallet's training runs. */
export function RunsPage(): JSX.Element {
  const wallet = useWallet();
  return (
    <>
      <PageTitle title="My runs" aside={<ButtonLink to="/train">New run</ButtonLink>}>Each run leaves a receipt that anybody with the data can execute again, to the same bit.</PageTitle>
      {wallet ? <Runs address={wallet.address} /> : <WalletNeeded what="Runs belong to a wallet." />}
    </>
  );
}

function Runs({ address }: { address: Address }): JSX.Element {
  const { data, error, refetch } = useQuery(jobsQuery({ buyer: address }));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-48 rounded-lg" />;
  if (data.length === 0) return <Empty title="No runs yet" action={<ButtonLink look="primary" to="/train">Choose a dataset to train on</ButtonLink>}>Train on a dataset without seeing its rows; your runs will stand here.</Empty>;
  return <Section title="Runs"><RunTable jobs={data} withAsset /></Section>;
}
