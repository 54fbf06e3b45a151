import { type DealDto, NeuroError } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, Suspense, useState } from 'react';
import { useParams } from 'react-router';
import { useWallet } from '../client/wallet.ts';
import { Account } from '../components/Account.tsx';
import { When, useNow } from '../components/Amounts.tsx';
import { Hash } from '../components/Copy.tsx';
import { DealStep } from '../components/deal/DealStep.tsx';
import { type Milestone, type Move, nextOf, roleOf } from '../components/deal/dealMoves.ts';
import { MilestoneList } from '../components/deal/MilestoneList.tsx';
import { DealBadge } from '../components/economyStates.tsx';
import { ActivityList } from '../components/Activity.tsx';
import { Failure, PageSkeleton, Skeleton } from '../components/Feedback.tsx';
import { lazyPart } from '../components/lazyPart.ts';
import { Facts, Section } from '../components/Layout.tsx';
import { TokenAmount } from '../components/TokenAmount.tsx';
import { configQuery } from '../queries/chain.ts';
import { agreementQuery, dealEscrowQuery } from '../queries/deals.ts';
import { dealQuery } from '../queries/economy.ts';
import { NotFound } from './NotFound.tsx';

const MoveDialog = lazyPart(() => import('../components/deal/MoveDialog.tsx'), 'MoveDialog');
const DealCredit = lazyPart(() => import('../components/deal/DealCredit.tsx'), 'DealCredit');
const EndDeal = lazyPart(() => import('../components/deal/EndDeal.tsx'), 'EndDeal');

/** One deal: its parties, its milestones, whose turn it is, and what the reader can do. */
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
  const wallet = useWallet();
  const [doing, setDoing] = useState<{ part: Milestone; move: Move }>();
  const { data: agreement, isPending } = useQuery(agreementQuery(deal.terms));
  const isOpen = deal.state === 'open';
  const { data: escrow } = useQuery({ ...dealEscrowQuery(deal.token, wallet?.address), enabled: isOpen });
  // Deadlines go by the chain's clock, which may be ahead of this device's.
  const now = Math.max(useNow(), escrow?.time ?? 0);
  const role = roleOf(deal, wallet?.address);
  const next = nextOf(deal, { role, now });
  const isParty = role === 'buyer' || role === 'seller';
  const titles = agreement?.milestones ?? [];
  const onMove = (part: Milestone, move: Move): void => setDoing({ part, move });
  return (
    <>
      <title>Deal · NeuroData</title>
      <div className="mb-6 grid gap-2">
        <span className="text-sm text-muted">Deal <Hash value={deal.dealId} label="deal id" /></span>
        <div className="flex flex-wrap items-center gap-3"><h1 className="text-2xl">{deal.milestones.length === 1 ? 'One milestone' : `${deal.milestones.length} milestones`}</h1><DealBadge state={deal.state} /></div>
      </div>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_320px]">
        <aside aria-label="Next step" className="grid gap-6 lg:sticky lg:top-20 lg:col-start-2 lg:row-start-1">
          <DealStep deal={deal} titles={titles} role={role} now={now} next={next} hasWallet={wallet !== undefined} onMove={onMove} />
          {wallet && isParty && <Suspense fallback={null}><DealCredit key={wallet.address} account={wallet.address} token={deal.token} /></Suspense>}
        </aside>
        <div className="grid min-w-0 gap-6 lg:col-start-1 lg:row-start-1">
          <Section title="Milestones"><MilestoneList deal={deal} titles={titles} role={role} now={now} next={next?.part} onMove={onMove} /></Section>
          {wallet && isParty && <Suspense fallback={isOpen && <Skeleton className="h-12 rounded-lg" />}><EndDeal key={wallet.address} deal={deal} isSeller={role === 'seller'} /></Suspense>}
          <Details deal={deal} />
          {(isPending || agreement?.text) && <Section title="Agreement">{agreement ? <p className="max-w-[72ch] wrap-anywhere whitespace-pre-line">{agreement.text}</p> : <Skeleton className="h-5" />}</Section>}
          <Section title="Activity"><ActivityList activity={deal.activity} /></Section>
        </div>
      </div>
      <Suspense fallback={null}>{doing && <MoveDialog deal={deal} part={doing.part} move={doing.move} onClose={() => setDoing(undefined)} />}</Suspense>
    </>
  );
}

function Details({ deal }: { deal: DealDto }): JSX.Element {
  const { offer } = deal;
  const { data: config } = useQuery(configQuery());
  const coin = config?.deployment.addresses.neuroCoin.toLowerCase();
  return (
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
  );
}
