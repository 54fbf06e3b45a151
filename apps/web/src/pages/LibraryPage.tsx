import type { JobDto, OrderDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import type { Address } from 'viem';
import { useWallet } from '../client/wallet.ts';
import { When, plural } from '../components/Amounts.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { Hash } from '../components/Copy.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { PageTitle, Section, Table } from '../components/Layout.tsx';
import { JobBadge, OrderBadge } from '../components/State.tsx';
import { SubscriptionList } from '../components/order/SubscriptionList.tsx';
import { WalletNeeded } from '../components/WalletNeeded.tsx';
import { identitiesQuery } from '../queries/identities.ts';
import { jobsQuery } from '../queries/jobs.ts';
import { isHeld, ordersQuery } from '../queries/orders.ts';
import { subscriptionsQuery } from '../queries/subscriptions.ts';

/** What the wallet can open: files it bought, subscriptions, models it trained, and the receipts that prove them. */
export function LibraryPage(): JSX.Element {
  const wallet = useWallet();
  return (
    <>
      <PageTitle title="Library">All that this wallet may open. What you bought stays yours, whoever runs this site: key and file are found by the chain.</PageTitle>
      {wallet ? <Shelves address={wallet.address} /> : <WalletNeeded what="A library belongs to a wallet." />}
    </>
  );
}

function Shelves({ address }: { address: Address }): JSX.Element {
  const bought = useQuery(ordersQuery({ buyer: address }));
  const subscribed = useQuery(subscriptionsQuery({ account: address }));
  const trained = useQuery(jobsQuery({ buyer: address }));
  const error = bought.error ?? subscribed.error ?? trained.error;
  if (error) return <Failure error={error} safe="What you bought is on the chain; this page only reads it." retry={() => { void bought.refetch(); void subscribed.refetch(); void trained.refetch(); }} />;
  if (!bought.data || !subscribed.data || !trained.data) return <Skeleton className="h-96 rounded-lg" />;
  const files = bought.data.filter(isHeld);
  const waiting = bought.data.filter(({ state }) => state === 'open').length;
  const models = trained.data.filter(({ state }) => state === 'settled');
  const receipts = trained.data.filter(({ receipt }) => receipt !== undefined);
  if (files.length + waiting + subscribed.data.length + receipts.length === 0) {
    return <Empty title="Nothing on the shelves yet" action={<ButtonLink look="primary" to="/">Discover datasets and models</ButtonLink>}>Files you buy, subscriptions, models you train and their receipts will stand here.</Empty>;
  }
  return (
    <div className="grid gap-6">
      <Files orders={files} waiting={waiting} address={address} />
      {subscribed.data.length > 0 && <SubscriptionList subscriptions={subscribed.data} />}
      <Models jobs={models} />
      {receipts.length > 0 && <Receipts jobs={receipts} />}
    </div>
  );
}

function Files({ orders, waiting, address }: { orders: OrderDto[]; waiting: number; address: Address }): JSX.Element {
  const { data: keys } = useQuery(identitiesQuery(address));
  const here = new Set(keys?.map(({ publicKey }) => publicKey.toLowerCase()));
  return (
    <Section title="Files" aside={waiting > 0 && <Link to="/orders" className="link text-sm">{plural(waiting, 'order')} waiting for a key</Link>}>
      {orders.length === 0 ? <p className="text-muted">No file bought yet. Each purchase will stand here once its key is granted.</p> : (
        <Table label="Files" head={['File', 'Version', 'State', 'Key', 'Bought', '']} numeric={[1]} wide={[1, 2, 3, 4]}>
          {orders.map((order) => (
            <tr key={order.orderId}>
              <td className="max-w-80 sm:min-w-40"><Link to={`/orders/${order.orderId}`} className="font-medium hover:underline">{order.assetTitle}</Link></td>
              <td className="num text-right">{order.version}</td>
              <td><OrderBadge state={order.state} /></td>
              <td className="whitespace-nowrap text-muted">{!keys ? '…' : here.has(order.recipientKey.toLowerCase()) ? 'in this browser' : <Link to="/account" className="link">not in this browser</Link>}</td>
              <td className="text-muted"><When at={order.openedAt} /></td>
              <td className="text-right"><Link to={`/orders/${order.orderId}`} className="link whitespace-nowrap">Open and download</Link></td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

function Models({ jobs }: { jobs: JobDto[] }): JSX.Element {
  return (
    <Section title="Models" aside={<Link to="/train" className="link text-sm">Train one</Link>}>
      {jobs.length === 0 ? <p className="text-muted">No model yet. Each run whose verdict is final leaves one here.</p> : (
        <Table label="Models" head={['Trained on', 'Model', 'Published', 'Trained', '']} wide={[1, 2, 3]}>
          {jobs.map((job) => (
            <tr key={job.jobId}>
              <td className="max-w-80 sm:min-w-40"><Link to={`/runs/${job.jobId}`} className="font-medium hover:underline">{job.assetTitle}</Link> <span className="text-muted">v{job.version}</span></td>
              <td>{job.receipt && <Hash value={job.receipt.modelDigest} label="model digest" />}</td>
              <td className="whitespace-nowrap text-muted">{job.modelAssetId === undefined ? 'no' : <Link to={`/models/${job.modelAssetId}`} className="link">its page</Link>}</td>
              <td className="text-muted"><When at={job.changedAt} /></td>
              <td className="text-right"><Link to={`/runs/${job.jobId}`} className="link whitespace-nowrap">Open and predict</Link></td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

function Receipts({ jobs }: { jobs: JobDto[] }): JSX.Element {
  return (
    <Section title="Receipts">
      <Table label="Receipts" head={['Run on', 'Receipt', 'State', 'Checkpoints', '']} numeric={[3]} wide={[1, 3]}>
        {jobs.map((job) => (
          <tr key={job.jobId}>
            <td className="max-w-80 sm:min-w-40"><Link to={`/runs/${job.jobId}`} className="font-medium hover:underline">{job.assetTitle}</Link></td>
            <td>{job.receipt && <Hash value={job.receipt.receiptDigest} label="receipt digest" />}</td>
            <td><JobBadge state={job.state} /></td>
            <td className="num text-right">{job.receipt?.checkpoints}</td>
            <td className="text-right"><Link to={`/runs/${job.jobId}#verification`} className="link whitespace-nowrap">Check it</Link></td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
