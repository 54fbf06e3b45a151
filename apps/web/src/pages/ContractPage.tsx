import type { Addresses } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link, useParams } from 'react-router';
import { count, plural } from '../components/Amounts.tsx';
import { Hash } from '../components/Copy.tsx';
import { Failure, PageSkeleton } from '../components/Feedback.tsx';
import { Facts, Fold, PageTitle, Section } from '../components/Layout.tsx';
import { EventList } from '../components/explorer/EventList.tsx';
import { contractText, contractWord } from '../components/explorer/contractWords.ts';
import { contractQuery } from '../queries/explorer.ts';
import { NotFound } from './NotFound.tsx';

/** One contract of the market: where it is, what can be asked of it, what it wrote last. */
export function ContractPage(): JSX.Element {
  const name = useParams()['name'] ?? '';
  if (contractText(name) === undefined) return <NotFound />;
  return <Known key={name} name={name as keyof Addresses} />;
}

function Known({ name }: { name: keyof Addresses }): JSX.Element {
  const { data, error, refetch } = useQuery(contractQuery(name));
  if (!data && error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return (
    <>
      <p className="mb-1 text-sm"><Link to="/explorer" className="link">Explorer</Link></p>
      <PageTitle title={contractWord(name)}>{contractText(name)}.</PageTitle>
      <div className="grid gap-6">
        <Section title="Contract">
          <Facts facts={[['Address', <Hash key="address" value={data.address} label="address" keep={8} />], ['Code', <span key="bytes"><span className="num">{count(data.bytes)}</span> bytes; it cannot be changed</span>]]} />
        </Section>
        <Section title="Newest events" aside={<span className="text-sm text-muted">since block <span className="num">{count(data.fromBlock)}</span></span>}>
          {data.events.length === 0 && <p className="text-muted">It wrote nothing since then.</p>}
          <EventList events={data.events.map((event) => ({ ...event, key: `${event.block} ${event.index}`, aside: <Link to={`/explorer/tx/${event.transaction}`} className="link text-sm">block <span className="num">{count(event.block)}</span></Link> }))} />
        </Section>
        <Fold title="What it can be told" aside={plural(data.writes.length, 'function')}><Signatures signatures={data.writes} /></Fold>
        <Fold title="What it can be asked" aside={plural(data.reads.length, 'function')}><Signatures signatures={data.reads} /></Fold>
      </div>
    </>
  );
}

function Signatures({ signatures }: { signatures: string[] }): JSX.Element {
  return <ul className="grid gap-1">{signatures.map((signature) => <li key={signature} className="num text-sm break-all">{signature}</li>)}</ul>;
}
