import type { OrderDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { Link, useParams } from 'react-router';
import { useWallet } from '../client/wallet.ts';
import { Account } from '../components/Account.tsx';
import { count, When } from '../components/Amounts.tsx';
import { Hash } from '../components/Copy.tsx';
import { RevocationReason } from '../components/asset/Withdrawn.tsx';
import { ActivityList } from '../components/Activity.tsx';
import { Attestations } from '../components/Evidence.tsx';
import { Failure, PageSkeleton } from '../components/Feedback.tsx';
import { Facts, Section, Table } from '../components/Layout.tsx';
import { PurposePanel } from '../components/order/PurposePanel.tsx';
import { MoneyState } from '../components/order/MoneyState.tsx';
import { NextStep } from '../components/order/NextStep.tsx';
import { ReviewPanel } from '../components/order/ReviewPanel.tsx';
import { Timeline } from '../components/order/Timeline.tsx';
import { UnsealPanel } from '../components/order/UnsealPanel.tsx';
import { OrderBadge } from '../components/State.tsx';
import { TokenAmount } from '../components/TokenAmount.tsx';
import { assetQuery } from '../queries/assets.ts';
import { orderQuery } from '../queries/orders.ts';
import { NotFound } from './NotFound.tsx';

/** One purchase, live: where the money is, whose turn it is, and the goods. */
export function OrderPage(): JSX.Element {
  const { orderId = '' } = useParams();
  if (!/^0x01[0-9a-f]{62}$/i.test(orderId)) return <NotFound />;
  return <Order orderId={orderId.toLowerCase() as `0x${string}`} />;
}

function Order({ orderId }: { orderId: `0x${string}` }): JSX.Element {
  const { data: order, error, refetch } = useQuery({ ...orderQuery(orderId), refetchInterval: (query) => (query.state.data?.state === 'open' || query.state.error ? 3_000 : false) });
  if (error && !order) return <Failure error={error} safe="If you have just bought it, the node may need a moment to see the block. Your money is in escrow, on chain." retry={() => void refetch()} />;
  if (!order) return <PageSkeleton />;
  return <OrderView order={order} />;
}

function OrderView({ order }: { order: OrderDto }): JSX.Element {
  const wallet = useWallet();
  const [opened, setOpened] = useState(false);
  const { data: asset } = useQuery(assetQuery(order.assetId));
  const isBuyer = wallet?.address.toLowerCase() === order.buyer.toLowerCase();
  const versionStatus = asset?.versions.find(({ version }) => version === order.version)?.status;
  return (
    <>
      <title>{`Order of ${order.assetTitle} · NeuroData`}</title>
      <div className="mb-6 grid gap-2">
        <div className="flex flex-wrap items-center gap-3"><span className="text-sm text-muted">Order <Hash value={order.orderId} label="order id" /></span><OrderBadge state={order.state} /></div>
        <h1 className="text-2xl break-words"><Link to={`/${asset?.kind ?? 'dataset'}s/${order.assetId}`} className="hover:underline">{order.assetTitle}</Link></h1>
      </div>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_320px]">
        <aside aria-label="Next step" className="grid gap-6 lg:sticky lg:top-20 lg:col-start-2 lg:row-start-1">
          <NextStep order={order} isBuyer={isBuyer} opened={opened} versionStatus={versionStatus} />
        </aside>
        <div className="grid min-w-0 gap-6 lg:col-start-1 lg:row-start-1">
          {versionStatus === 'revoked' && (
            <div role="note" data-testid="revoked" className="rounded-md bg-warn-soft px-4 py-3 text-warn">
              <p>Its owner has revoked version {order.version}: it is not sold any more. This order goes on as it was, and what was bought stays with its buyer.</p>
              <RevocationReason assetId={order.assetId} version={order.version} />
            </div>
          )}
          <Section title="Escrow">
            <MoneyState order={order} />
            <Timeline order={order} />
          </Section>
          {isBuyer && order.state === 'open' && <PurposePanel order={order} />}
          {isBuyer && <UnsealPanel order={order} isNext={order.state === 'granted' && !opened && versionStatus !== 'refused'} onOpened={() => setOpened(true)} />}
          {isBuyer && <ReviewPanel order={order} />}
          <Grants order={order} />
          {order.round && <Section title="Dispute round" aside={<span className="text-sm text-muted">accepting means: the file is what was committed to</span>}><Attestations round={order.round} /></Section>}
          <Section title="Details">
            <Facts facts={[
              ['Version', String(order.version)],
              ['Price', <TokenAmount key="price" amount={order.price} token={order.token} />],
              ['Buyer', <Account key="buyer" address={order.buyer} />],
              ['Seller', <Account key="seller" address={order.seller} />],
              ['Before jurors', order.dispute?.disputeId !== undefined && <Link key="dispute" to={`/disputes/${order.dispute.disputeId}`} className="link">Dispute {order.dispute.disputeId}</Link>],
              ['Recipient key', <Hash key="key" value={order.recipientKey} label="recipient key" />],
              ['Bought', <When key="at" at={order.openedAt} />],
            ]} />
          </Section>
          <Section title="Activity"><ActivityList activity={order.activity} /></Section>
        </div>
      </div>
    </>
  );
}

function Grants({ order }: { order: OrderDto }): JSX.Element {
  return (
    <Section title="Key shares" aside={<span className="text-sm text-muted" aria-live="polite">{order.grants.length} granted, {order.threshold} needed</span>}>
      {order.grants.length === 0
        ? <p className="text-muted">{order.state === 'refunded' ? 'No share was granted.' : 'None yet. Each validator seals its share to this order’s key and puts it on chain.'}</p>
        : (
          <Table label="Key shares" head={['Validator', 'Sealed share', 'Transaction', 'Block', 'When']} numeric={[3]} wide={[1, 2, 3]}>
            {order.grants.map((grant) => (
              <tr key={grant.validatorId}>
                <td className="whitespace-nowrap">Validator {grant.validatorId}</td>
                <td><Hash value={grant.sealedShare} label="sealed share" /></td>
                <td><Hash value={grant.transaction} label="transaction" /></td>
                <td className="num text-right">{count(grant.block)}</td>
                <td className="text-muted"><When at={grant.at} /></td>
              </tr>
            ))}
          </Table>
        )}
    </Section>
  );
}
