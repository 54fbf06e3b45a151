import type { OrderDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import type { Address } from 'viem';
import { useWallet } from '../client/wallet.ts';
import { Account } from '../components/Account.tsx';
import { When } from '../components/Amounts.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { shorten } from '../components/Copy.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { PageTitle, Section, Table } from '../components/Layout.tsx';
import { OrderBadge } from '../components/State.tsx';
import { TokenAmount } from '../components/TokenAmount.tsx';
import { SubscriptionList } from '../components/order/SubscriptionList.tsx';
import { WalletNeeded } from '../components/WalletNeeded.tsx';
import { ordersQuery } from '../queries/orders.ts';
import { subscriptionsQuery } from '../queries/subscriptions.ts';

/** What the wallet bought, and what others bought from it. */
export function OrdersPage(): JSX.Element {
  const wallet = useWallet();
  return (
    <>
      <PageTitle title="My orders">What you bought stays yours: the key can be read from the chain for ever.</PageTitle>
      {wallet ? <Lists address={wallet.address} /> : <WalletNeeded what="Orders belong to a wallet." />}
    </>
  );
}

function Lists({ address }: { address: Address }): JSX.Element {
  const bought = useQuery(ordersQuery({ buyer: address }));
  const sold = useQuery(ordersQuery({ seller: address }));
  const subscribed = useQuery(subscriptionsQuery({ account: address }));
  const error = bought.error ?? sold.error ?? subscribed.error;
  if (error) return <Failure error={error} retry={() => { void bought.refetch(); void sold.refetch(); void subscribed.refetch(); }} />;
  if (!bought.data || !subscribed.data) return <Skeleton className="h-48 rounded-lg" />;
  return (
    <div className="grid gap-6">
      {subscribed.data.length > 0 && <SubscriptionList subscriptions={subscribed.data} />}
      {bought.data.length === 0
        ? subscribed.data.length === 0 && <Empty title="Nothing bought yet" action={<ButtonLink look="primary" to="/">Discover datasets and models</ButtonLink>}>Your purchases will stand here, each with its escrow and its file.</Empty>
        : <Section title="Bought"><OrderTable orders={bought.data} other="seller" /></Section>}
      {sold.data && sold.data.length > 0 && <Section title="Sold"><OrderTable orders={sold.data} other="buyer" /></Section>}
    </div>
  );
}

function OrderTable({ orders, other }: { orders: OrderDto[]; other: 'seller' | 'buyer' }): JSX.Element {
  return (
    <Table label={other === 'seller' ? 'Bought' : 'Sold'} head={['Asset', 'Order', other === 'seller' ? 'Seller' : 'Buyer', 'Price', 'State', 'When']} numeric={[3]} wide={[1, 2, 5]}>
      {orders.map((order) => (
        <tr key={order.orderId}>
          <td className="sm:max-w-72 sm:truncate"><Link to={`/orders/${order.orderId}`} className="font-medium hover:underline">{order.assetTitle}</Link> <span className="text-muted">v{order.version}</span></td>
          <td><Link to={`/orders/${order.orderId}`} className="link num whitespace-nowrap">{shorten(order.orderId, 5)}</Link></td>
          <td><Account address={order[other]} /></td>
          <td className="text-right"><TokenAmount amount={order.price} token={order.token} /></td>
          <td><OrderBadge state={order.state} /></td>
          <td className="text-muted"><When at={order.openedAt} /></td>
        </tr>
      ))}
    </Table>
  );
}
