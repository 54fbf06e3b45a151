import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { disputesOverviewQuery } from '../../queries/admin.ts';
import { Account } from '../Account.tsx';
import { When, count } from '../Amounts.tsx';
import { PhaseBadge } from '../economyStates.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Section, Table } from '../Layout.tsx';
import { TokenAmount } from '../TokenAmount.tsx';

/** What is disputed now, before validators and before jurors. Nobody here decides it: committees and jurors do. */
export function Disputes(): JSX.Element {
  const { data, error, refetch } = useQuery(disputesOverviewQuery());
  return (
    <Section title="Disputes" aside={data && <span className="text-sm text-muted">of all: {count(data.upheld)} upheld, {count(data.dismissed)} dismissed, {count(data.ended)} ended by jurors</span>}>
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-24 rounded-lg" />}
      {data && data.orders.length === 0 && data.juries.length === 0 && <p className="text-muted">Nothing is disputed now.</p>}
      {data && data.orders.length > 0 && (
        <Table label="Disputed orders" numeric={[3]} head={['Order', 'Buyer', 'Seller', 'Price', 'State', 'Until']}>
          {data.orders.map(({ orderId, title, buyer, seller, price, token, state, until }) => (
            <tr key={orderId}>
              <td className="max-w-60 truncate"><Link className="link" to={`/orders/${orderId}`}>{title}</Link></td><td><Account address={buyer} /></td><td><Account address={seller} /></td>
              <td className="text-right whitespace-nowrap"><TokenAmount amount={price} token={token} /></td><td className="whitespace-nowrap">{state}</td><td className="whitespace-nowrap">{until !== undefined && <When at={until} />}</td>
            </tr>
          ))}
        </Table>
      )}
      {data && data.juries.length > 0 && (
        <div className="mt-4">
          <Table label="Before jurors" head={['Dispute', 'Phase', 'Until']}>
            {data.juries.map(({ disputeId, phase, deadline }) => <tr key={disputeId}><td><Link className="link num" to={`/disputes/${disputeId}`}>{disputeId}</Link></td><td><PhaseBadge phase={phase} /></td><td className="text-muted">{deadline !== undefined && <When at={deadline} />}</td></tr>)}
          </Table>
        </div>
      )}
    </Section>
  );
}
