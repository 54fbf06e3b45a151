import { NeuroError } from '@neurodata/protocol';
import type { BlockFacts } from '@neurodata/sdk';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link, useParams } from 'react-router';
import { When, count, plural } from '../components/Amounts.tsx';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Hash, shorten } from '../components/Copy.tsx';
import { Checks } from '../components/Evidence.tsx';
import { Empty, Failure, PageSkeleton } from '../components/Feedback.tsx';
import { Facts, Fold, PageTitle, Section, Table } from '../components/Layout.tsx';
import { ExplorerSearch } from '../components/explorer/ExplorerSearch.tsx';
import { Address, Sentence } from '../components/explorer/Sentence.tsx';
import { tFrom } from '../language/tFrom.ts';
import { blockQuery, checkBlockMutation } from '../queries/explorer.ts';
import { NotFound } from './NotFound.tsx';

/** One block: what is in it, and whether its hash is what its header says. */
export function BlockPage(): JSX.Element {
  const text = useParams()['number'] ?? '';
  if (!/^\d{1,15}$/.test(text)) return <NotFound />;
  return <Known key={text} number={Number(text)} />;
}

function Known({ number }: { number: number }): JSX.Element {
  const { data: block, error, refetch } = useQuery(blockQuery(number));
  if (!block && error instanceof NeuroError && error.code === 'NOT_FOUND') return <><PageTitle title={`Block ${count(number)}`} /><ExplorerSearch /><Empty title="There is no such block yet" action={<Button onClick={() => void refetch()}>Look again</Button>}>The chain has not come so far. <Link to="/explorer" className="link">See the newest blocks</Link></Empty></>;
  if (!block && error) return <Failure error={error} retry={() => void refetch()} />;
  if (!block) return <PageSkeleton />;
  return (
    <>
      <PageTitle title={`Block ${count(number)}`} aside={<span className="flex gap-2">{number > 0 && <ButtonLink size="small" to={`/explorer/block/${number - 1}`}>Before</ButtonLink>}<ButtonLink size="small" to={`/explorer/block/${number + 1}`}>After</ButtonLink></span>}><When at={block.at} seconds />, {plural(block.transactions, 'transaction')}, {count(block.gasUsed)} gas</PageTitle>
      <div className="grid gap-6">
        <Transactions block={block} />
        <Verify block={block} />
        <Header block={block} />
      </div>
    </>
  );
}

function Transactions({ block: { items } }: { block: BlockFacts }): JSX.Element {
  return (
    <Section title="Transactions">
      {items.length === 0 ? <p className="text-muted">An empty block: it only moves the chain’s clock on.</p> : (
        <Table label="Transactions" head={['What', 'By', 'Transaction']}>
          {items.map(({ hash, sentence, from }) => (
            <tr key={hash}>
              <td className="min-w-48 break-words"><Sentence text={tFrom(sentence)} /></td>
              <td className="whitespace-nowrap"><Address value={from} /></td>
              <td><Link to={`/explorer/tx/${hash}`} className="link num whitespace-nowrap">{shorten(hash)}</Link></td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

function Verify({ block }: { block: BlockFacts }): JSX.Element {
  const check = useMutation(checkBlockMutation());
  return (
    <Section title="Verification" aside={<span className="text-sm text-muted">by you, not by this node</span>}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-[64ch] text-muted">This browser hashes the header’s fields and compares. If they match, nothing in the header was changed, nor in the header before it. It does not show that the network agreed on this block.</p>
        <Button look={check.data ? 'secondary' : 'primary'} busy={check.isPending} onClick={() => check.mutate(block.number)}>{check.data ? 'Verify again' : 'Verify this block here'}</Button>
      </div>
      {check.error && <div className="mt-4"><Failure error={check.error} safe="Nothing is proved or disproved by this." /></div>}
      {check.data && <div className="mt-5"><Checks label="What was checked" checks={check.data} /></div>}
    </Section>
  );
}

function Header({ block: { hash, header } }: { block: BlockFacts }): JSX.Element {
  return (
    <Fold title="Header" aside={<span className="num">{shorten(hash, 6)}</span>}>
      <Facts facts={[
        ['hash', <Hash key="hash" value={hash} label="block hash" keep={12} />],
        ...Object.entries(header).filter((entry): entry is [string, `0x${string}`] => typeof entry[1] === 'string').map(([name, value]): [string, JSX.Element] => [name, <span key={name} className="num break-all">{value.length > 70 ? shorten(value, 12) : value}</span>]),
      ]} />
    </Fold>
  );
}
