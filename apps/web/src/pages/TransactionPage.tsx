import { NeuroError } from '@neurodata/protocol';
import type { TransactionFacts } from '@neurodata/sdk';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link, useParams } from 'react-router';
import type { Hex } from 'viem';
import { Gas, When, count } from '../components/Amounts.tsx';
import { Button } from '../components/Button.tsx';
import { Hash } from '../components/Copy.tsx';
import { Empty, Failure, PageSkeleton } from '../components/Feedback.tsx';
import { Facts, PageTitle, Section } from '../components/Layout.tsx';
import { Badge } from '../components/State.tsx';
import { EventList } from '../components/explorer/EventList.tsx';
import { ExplorerSearch } from '../components/explorer/ExplorerSearch.tsx';
import { Address, Sentence } from '../components/explorer/Sentence.tsx';
import { Value } from '../components/explorer/Value.tsx';
import { contractWord } from '../components/explorer/contractWords.ts';
import { tFrom } from '../language/tFrom.ts';
import { transactionQuery } from '../queries/explorer.ts';
import { NotFound } from './NotFound.tsx';

/** One transaction in a sentence, with what it called and what came of it. */
export function TransactionPage(): JSX.Element {
  const hash = (useParams()['hash'] ?? '').toLowerCase();
  if (!/^0x[0-9a-f]{64}$/.test(hash)) return <NotFound />;
  return <Known key={hash} hash={hash as Hex} />;
}

function Known({ hash }: { hash: Hex }): JSX.Element {
  const { data, error, refetch } = useQuery(transactionQuery(hash));
  if (!data && error instanceof NeuroError && error.code === 'NOT_FOUND') return <><PageTitle title="Transaction" /><ExplorerSearch /><Empty title="There is no such transaction" action={<Button onClick={() => void refetch()}>Look again</Button>}>What was just sent may need a moment to reach a block.</Empty></>;
  if (!data && error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  const { mined } = data;
  return (
    <>
      <title>{`Transaction ${hash.slice(0, 10)} · NeuroData`}</title>
      <div className="mb-6 grid gap-2">
        <p className="flex flex-wrap items-center gap-3 text-sm"><Link to="/explorer" className="link">Explorer</Link><span className="text-muted">Transaction <Hash value={hash} label="transaction" /></span>{mined ? mined.succeeded ? <Badge tone="good">Done</Badge> : <Badge tone="bad">Refused</Badge> : <Badge tone="warn">Not in a block yet</Badge>}</p>
        <h1 className="max-w-[72ch] text-2xl break-words"><Sentence text={tFrom(data.sentence)} /></h1>
      </div>
      <div className="grid gap-6">
        <Outcome transaction={data} />
        {data.call && Object.keys(data.call.args).length > 0 && (
          <Section title="Call" aside={<span className="num text-sm text-muted">{contractWord(data.call.contract)}.{data.call.functionName}</span>}>
            <Facts facts={Object.entries(data.call.args).map(([name, value]) => [name, <Value key={name} contract={data.call?.contract ?? ''} name={name} value={value} beside={data.call?.args ?? {}} />])} />
          </Section>
        )}
        {mined && <Events mined={mined} />}
      </div>
    </>
  );
}

function Outcome({ transaction: { from, to, value, nonce, mined } }: { transaction: TransactionFacts }): JSX.Element {
  return (
    <Section title="Outcome">
      <Facts facts={[
        ['By', <Address key="from" value={from} />],
        ['To', to ? <Address key="to" value={to} /> : mined?.created ? <span key="created">a new contract, <Address value={mined.created} /></span> : 'a new contract'],
        ['Block', mined && <span key="block"><Link to={`/explorer/block/${mined.block}`} className="link num">{count(mined.block)}</Link>, place {mined.index + 1}, <When at={mined.at} /></span>],
        ['Gas', mined && <span key="gas"><span className="num">{count(mined.gasUsed)}</span>, paid <Gas wei={mined.fee} /></span>],
        ['Ether sent', value > 0n && <Gas key="value" wei={value} />],
        ['Number of the sender', <span key="nonce" className="num">{count(nonce)}</span>],
        ['Refused', mined && !mined.succeeded && 'The contract refused it: nothing changed but the gas that was paid.'],
      ]} />
    </Section>
  );
}

function Events({ mined: { events, unknownEvents } }: { mined: NonNullable<TransactionFacts['mined']> }): JSX.Element {
  return (
    <Section title="What happened" aside={<span className="text-sm text-muted">in the words of the contracts</span>}>
      {events.length === 0 && <p className="text-muted">No contract of this market wrote anything into the log.</p>}
      <EventList events={events.map(({ index, ...event }) => ({ ...event, key: String(index) }))} />
      {unknownEvents > 0 && <p className="mt-3 text-sm text-muted">{count(unknownEvents)} more of contracts that are not part of this market.</p>}
    </Section>
  );
}
