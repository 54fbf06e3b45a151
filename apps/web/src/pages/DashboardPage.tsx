import { type Interval, type Publisher, intervals } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, useId, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { useSignedIn } from '../client/session.ts';
import { useWallet } from '../client/wallet.ts';
import { count, plural } from '../components/Amounts.tsx';
import { assetPath } from '../components/AssetCard.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { PageTitle, Section, Table } from '../components/Layout.tsx';
import { Bars, SeriesChart } from '../components/SeriesChart.tsx';
import { TokenAmount } from '../components/TokenAmount.tsx';
import { OwnHidden } from '../components/trust/OwnHidden.tsx';
import { WalletNeeded } from '../components/WalletNeeded.tsx';
import { intervalWords } from '../components/words.ts';
import { publisherQuery } from '../queries/trust.ts';

/** What somebody's data earned and what they spent; who looked is for whoever owns it. */
export function DashboardPage(): JSX.Element {
  const wallet = useWallet();
  const signedIn = useSignedIn();
  const [interval, setInterval] = useState<Interval>('day');
  const id = useId();
  return (
    <>
      <PageTitle title="Dashboard" aside={<label htmlFor={id} className="flex items-center gap-2 text-sm">By <select id={id} className="field w-auto" value={interval} onChange={(event) => setInterval(event.target.value as Interval)}>{intervals.map((name) => <option key={name} value={name}>{intervalWords[name]}</option>)}</select></label>}>
        Amounts come from the chain. Views are counted by this node, each visitor once a day, without keeping who it was.
      </PageTitle>
      <div className="grid gap-6 lg:grid-cols-2 lg:items-start">
        {wallet ? (
          <>
            <Section title="Earned" aside={<Link className="link text-sm" to={`/sellers/${wallet.address}`}>Your reputation</Link>}><SeriesChart title="Earned" metric="earnings" interval={interval} account={wallet.address} /></Section>
            <Section title="Spent"><SeriesChart title="Spent" metric="spending" interval={interval} account={wallet.address} /></Section>
            <Section title="In escrow"><SeriesChart title="Paid and not decided" metric="escrow" interval={interval} account={wallet.address} /></Section>
            <Section title="Refunds"><SeriesChart title="Came back" metric="refunds" interval={interval} account={wallet.address} /></Section>
          </>
        ) : <div className="lg:col-span-2"><WalletNeeded what="Earnings and spending belong to a wallet." /></div>}
        <div className="grid min-w-0 gap-6 lg:col-span-2">
          {signedIn ? <><Own /><OwnHidden /></> : <Empty title="Sign in to see your publications" action={<ButtonLink to="/sign-in">Sign in</ButtonLink>}>Views and income of each asset are shown to whoever has linked the wallet that owns it.</Empty>}
        </div>
      </div>
    </>
  );
}

function Own(): JSX.Element {
  const { data, error, refetch } = useQuery(publisherQuery(true));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-64 rounded-lg" />;
  if (data.wallets.length === 0) return <Empty title="No wallet is linked" action={<ButtonLink to="/user">Link a wallet</ButtonLink>}>Link one, and this page shows what it owns and sells.</Empty>;
  return (
    <>
      <Section title="Publications, the last 30 days"><Items publisher={data} /></Section>
      <Section title="Views"><Views publisher={data} /></Section>
    </>
  );
}

function Items({ publisher: { items } }: { publisher: Publisher }): JSX.Element {
  if (items.length === 0) return <p className="text-muted">The linked wallets own and sell nothing yet.</p>;
  return (
    <Table label="Publications" head={['Asset', 'Views', 'Buyers', 'Orders', 'Runs', 'Models trained', 'Income']} numeric={[1, 2, 3, 4, 5, 6]}>
      {items.map(({ income, ...item }) => (
        <tr key={item.assetId}>
          <td className="max-w-80 truncate"><Link className="link" to={assetPath(item)}>{item.title}</Link></td>
          {[item.views, item.buyers, item.orders].map((value, index) => <td key={index} className="num text-right">{count(value)}</td>)}
          <td className="num text-right whitespace-nowrap" title={`${plural(item.verifiedRuns, 'run')} verified`}>{count(item.verifiedRuns)} of {count(item.runs)}</td>
          <td className="num text-right">{count(item.trained)}</td>
          <td className="text-right">{income.length === 0 ? <span className="text-muted">none</span> : income.map(({ token, sales, runs, subscriptions }) => <div key={token}><TokenAmount token={token} amount={sales + runs + subscriptions} /></div>)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Views({ publisher: { views } }: { publisher: Publisher }): JSX.Element {
  const bars = useMemo(() => views.map(({ day, visitors }) => ({ start: day, end: day + 86_400, height: visitors, text: plural(visitors, 'visitor') })), [views]);
  const sum = views.reduce((total, { visitors }) => total + visitors, 0);
  return <Bars title="Visitors by day" figure={count(sum)} label={`Visitors by day: ${sum} over ${views.length} days.`} bars={bars} />;
}
