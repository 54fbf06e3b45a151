import type { DealDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, Suspense, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useWallet } from '../client/wallet.ts';
import { Account } from '../components/Account.tsx';
import { When, useNow } from '../components/Amounts.tsx';
import { Button } from '../components/Button.tsx';
import { shorten } from '../components/Copy.tsx';
import { type Role, nextOf, roleOf } from '../components/deal/dealMoves.ts';
import { DealBadge } from '../components/economyStates.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { lazyPart } from '../components/lazyPart.ts';
import { PageTitle, Section, Table } from '../components/Layout.tsx';
import { TokenAmount } from '../components/TokenAmount.tsx';
import { t } from '../language/t.ts';
import { dealsQuery } from '../queries/economy.ts';

const OpenDealDialog = lazyPart(() => import('../components/deal/OpenDealDialog.tsx'), 'OpenDealDialog');

const filters = [['', t`All`], ['turn', t`Something to do`], ['open', t`Open`], ['over', t`Over`]] as const;
type Filter = (typeof filters)[number][0];

/** Bespoke work, paid milestone by milestone. */
export function DealsPage(): JSX.Element {
  const [params, setParams] = useSearchParams();
  const [opening, setOpening] = useState(false);
  const wallet = useWallet();
  const account = wallet?.address;
  const all = useQuery(dealsQuery());
  const own = useQuery({ ...dealsQuery(account), enabled: account !== undefined });
  const now = useNow();
  const filter: Filter = filters.find(([value]) => value === params.get('show'))?.[0] ?? '';
  const fits = (deal: DealDto): boolean => filter === '' || (filter === 'turn' ? nextOf(deal, { role: roleOf(deal, account), now }) !== undefined : (deal.state === 'open') === (filter === 'open'));
  const of = (role: Role): DealDto[] => ((account && role !== 'other' ? own : all).data ?? []).filter((deal) => roleOf(deal, account) === role && fits(deal));
  const parts: [title: string, label: string, deals: DealDto[]][] = [[t`You pay`, t`Deals that you pay`, of('buyer')], [t`You deliver`, t`Deals that you deliver`, of('seller')], [t`You rule`, t`Deals that you rule on`, of('arbiter')], [account ? t`Of others` : t`All deals`, t`Deals`, of('other')]];
  const shown = parts.filter(([, , deals]) => deals.length > 0);
  const isEmpty = all.data?.length === 0 && (own.data?.length ?? 0) === 0;
  return (
    <>
      <PageTitle title="Deals" aside={<Button look="primary" onClick={() => setOpening(true)}>Open a deal</Button>}>Work to order: the buyer pays all milestones into escrow, the seller delivers one by one. What is contested goes to an arbiter or to jurors; once a deadline has passed, anybody can move the money on.</PageTitle>
      <div className="grid gap-6">
        {all.error && !all.data && <Failure error={all.error} retry={() => void all.refetch()} />}
        {!all.data && !all.error && <Skeleton className="h-40 rounded-lg" />}
        {isEmpty && <Empty title="No deals yet" action={<Button onClick={() => setOpening(true)}>Open the first one</Button>}>Each deal will stand here with its milestones and what is left in escrow.</Empty>}
        {all.data && !isEmpty && <Filters chosen={filter} onChoose={(value) => setParams(value === '' ? {} : { show: value }, { replace: true })} />}
        {all.data && !isEmpty && shown.length === 0 && <Empty title={filter === 'turn' ? 'Nothing to do' : 'No such deals'} action={<Button onClick={() => setParams({}, { replace: true })}>Show all</Button>}>{filter === 'turn' ? 'No deal waits for you, and none waits for somebody to move its money on.' : 'No deal is in that state.'}</Empty>}
        {shown.map(([title, label, deals]) => <Section key={title} title={title}><DealTable deals={deals} label={label} /></Section>)}
      </div>
      <Suspense fallback={null}>{opening && <OpenDealDialog onClose={() => setOpening(false)} />}</Suspense>
    </>
  );
}

function Filters({ chosen, onChoose }: { chosen: Filter; onChoose: (filter: Filter) => void }): JSX.Element {
  return (
    <div role="group" aria-label="Which deals" className="flex flex-wrap gap-2">
      {filters.map(([value, words]) => <Button key={value} size="small" aria-pressed={value === chosen} look={value === chosen ? 'secondary' : 'quiet'} onClick={() => onChoose(value)}>{words}</Button>)}
    </div>
  );
}

function DealTable({ deals, label }: { deals: DealDto[]; label: string }): JSX.Element {
  return (
    <Table label={label} head={['Deal', 'Buyer', 'Seller', 'State', 'In escrow', 'Of', 'Milestones', 'Opened']} numeric={[4, 5, 6]} wide={[5]}>
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
