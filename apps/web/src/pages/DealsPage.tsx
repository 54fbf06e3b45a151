import type { DealDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { useWallet } from '../client/wallet.ts';
import { Account } from '../components/Account.tsx';
import { When } from '../components/Amounts.tsx';
import { CodeBlock, shorten } from '../components/Copy.tsx';
import { DealBadge } from '../components/economyStates.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { PageTitle, Section, Table } from '../components/Layout.tsx';
import { TokenAmount } from '../components/TokenAmount.tsx';
import { dealsQuery } from '../queries/economy.ts';

/** Bespoke work, paid milestone by milestone. */
export function DealsPage(): JSX.Element {
  const wallet = useWallet();
  const all = useQuery(dealsQuery());
  const isMine = (deal: DealDto): boolean => wallet !== undefined && [deal.buyer, deal.seller, deal.arbiter].some((party) => party?.toLowerCase() === wallet.address.toLowerCase());
  const [mine, others] = [all.data?.filter(isMine) ?? [], all.data?.filter((deal) => !isMine(deal)) ?? []];
  return (
    <>
      <PageTitle title="Deals">Work to order: the buyer pays all milestones into escrow, the seller delivers one by one. What is contested goes to an arbiter or to jurors; once a deadline has passed, anybody can move the money on.</PageTitle>
      <div className="grid gap-6">
        {all.error && !all.data && <Failure error={all.error} retry={() => void all.refetch()} />}
        {!all.data && !all.error && <Skeleton className="h-40 rounded-lg" />}
        {all.data?.length === 0 && <Empty title="No deals yet">Each deal will stand here with its milestones and what is left in escrow.</Empty>}
        {mine.length > 0 && <Section title="Yours"><DealTable deals={mine} label="Your deals" /></Section>}
        {others.length > 0 && <Section title={mine.length > 0 ? 'Of others' : 'All deals'}><DealTable deals={others} label="Deals" /></Section>}
        <Section title="Open one from the command line">
          <CodeBlock label="Commands for deals" code={'npx neurodata deals open alice --terms ipfs://... --milestone 50:14 100:30\nnpx neurodata deals deliver DEAL 1 "the report"\nnpx neurodata deals release DEAL 1 50'} />
        </Section>
      </div>
    </>
  );
}

function DealTable({ deals, label }: { deals: DealDto[]; label: string }): JSX.Element {
  return (
    <Table label={label} head={['Deal', 'Buyer', 'Seller', 'State', 'In escrow', 'Of', 'Milestones', 'Opened']} numeric={[4, 5, 6]}>
      {deals.map((deal) => (
        <tr key={deal.dealId}>
          <td><Link to={`/deals/${deal.dealId}`} className="link num whitespace-nowrap">{shorten(deal.dealId, 5)}</Link></td>
          <td><Account address={deal.buyer} /></td>
          <td><Account address={deal.seller} /></td>
          <td><DealBadge state={deal.state} /></td>
          <td className="text-right"><TokenAmount amount={deal.left} token={deal.token} /></td>
          <td className="text-right"><TokenAmount amount={deal.total} token={deal.token} /></td>
          <td className="num text-right whitespace-nowrap">{deal.milestones.filter(({ state }) => state === 'closed').length} of {deal.milestones.length} closed</td>
          <td className="text-muted"><When at={deal.openedAt} /></td>
        </tr>
      ))}
    </Table>
  );
}
