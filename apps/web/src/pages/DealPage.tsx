import { type DealDto, NeuroError } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link, useParams } from 'react-router';
import { Account } from '../components/Account.tsx';
import { When, useNow } from '../components/Amounts.tsx';
import { Hash } from '../components/Copy.tsx';
import { DealBadge, MilestoneBadge } from '../components/economyStates.tsx';
import { ActivityList } from '../components/Evidence.tsx';
import { Failure, PageSkeleton } from '../components/Feedback.tsx';
import { Facts, Section, Table } from '../components/Layout.tsx';
import { TokenAmount } from '../components/TokenAmount.tsx';
import { t } from '../language/t.ts';
import { configQuery } from '../queries/chain.ts';
import { dealQuery } from '../queries/economy.ts';
import { NotFound } from './NotFound.tsx';

/** One deal: its parties, its milestones, and whose turn it is. */
export function DealPage(): JSX.Element {
  const { dealId = '' } = useParams();
  const known = /^0x[0-9a-f]{64}$/i.test(dealId);
  const { data, error, refetch } = useQuery({ ...dealQuery(dealId.toLowerCase() as `0x${string}`), enabled: known });
  if (!known || (error instanceof NeuroError && error.code === 'NOT_FOUND')) return <NotFound />;
  if (error && !data) return <Failure error={error} safe="The money is in escrow, on chain." retry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return <DealView deal={data} />;
}

function DealView({ deal }: { deal: DealDto }): JSX.Element {
  const { offer } = deal;
  const { data: config } = useQuery(configQuery());
  const coin = config?.deployment.addresses.neuroCoin.toLowerCase();
  return (
    <>
      <title>Deal · NeuroData</title>
      <div className="mb-6 grid gap-2">
        <span className="text-sm text-muted">Deal <Hash value={deal.dealId} label="deal id" /></span>
        <div className="flex flex-wrap items-center gap-3"><h1 className="text-2xl">{deal.milestones.length === 1 ? 'One milestone' : `${deal.milestones.length} milestones`}</h1><DealBadge state={deal.state} /></div>
      </div>
      <div className="grid gap-6">
        <Section title="Escrow">
          <Facts facts={[
            ['In escrow', <TokenAmount key="left" amount={deal.left} token={deal.token} />],
            ['Of', <TokenAmount key="total" amount={deal.total} token={deal.token} />],
            ['Token', deal.token.toLowerCase() === coin ? undefined : <Hash key="token" value={deal.token} label="address of the token" />],
            ['Buyer', <Account key="buyer" address={deal.buyer} />],
            ['Seller', <Account key="seller" address={deal.seller} />],
            ['Arbiter', deal.jurors ? 'jurors' : deal.arbiter ? <Account key="arbiter" address={deal.arbiter} /> : 'nobody: half to each where the sides do not agree'],
            ['Agreement', <Hash key="terms" value={deal.terms} label="address of the agreement" keep={16} />],
            ['Offer to end it', offer && <span key="offer"><Account address={offer.party} /> offers <TokenAmount amount={offer.toSeller} token={deal.token} /> to the seller, the rest to the buyer; it holds until the other side says the same</span>],
            ['Opened', <When key="at" at={deal.openedAt} />],
          ]} />
        </Section>
        <Section title="Milestones">
          <Table label="Milestones" head={['', 'State', 'Amount', 'To the seller', 'To the buyer', 'Next']} numeric={[2, 3, 4]}>
            {deal.milestones.map((part) => (
              <tr key={part.index}>
                <td className="num">{part.index + 1}</td>
                <td><MilestoneBadge state={part.state} /></td>
                {[part.amount, part.toSeller, part.toBuyer].map((amount, index) => <td key={index} className="text-right"><TokenAmount amount={amount} token={deal.token} /></td>)}
                <td className="text-muted"><Next part={part} /></td>
              </tr>
            ))}
          </Table>
        </Section>
        <Section title="Activity"><ActivityList activity={deal.activity} /></Section>
      </div>
    </>
  );
}

function Next({ part: { state, until, disputeId } }: { part: DealDto['milestones'][number] }): JSX.Element | null {
  const late = useNow() > (until ?? Infinity);
  if (state === 'escalated' && disputeId !== undefined) return <Link to={`/disputes/${disputeId}`} className="link">Dispute {disputeId}</Link>;
  if (until === undefined) return null;
  const words = {
    waiting: late ? t`late: anybody can return it to the buyer` : t`the seller delivers,`, delivered: late ? t`not contested: anybody can pay the seller` : t`the buyer may contest,`,
    contested: late ? t`nobody ruled: anybody can split it in half` : t`the arbiter rules,`, none: '', escalated: '', closed: '',
  }[state];
  return <span>{words} {!late && <When at={until} />}</span>;
}
