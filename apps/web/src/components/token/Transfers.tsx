import type { CoinTransfer } from '@neurodata/sdk';
import { useQuery } from '@tanstack/react-query';
import { ArrowDownLeft, ArrowUpRight } from 'lucide-react';
import { type JSX, useState } from 'react';
import { Link } from 'react-router';
import type { Address } from 'viem';
import { configQuery } from '../../queries/chain.ts';
import { transfersQuery } from '../../queries/coin.ts';
import { Account } from '../Account.tsx';
import { Money, When, count, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { shorten } from '../Copy.tsx';
import { Empty, Failure, Skeleton } from '../Feedback.tsx';
import { Section, Table } from '../Layout.tsx';
import { contractWord } from '../explorer/contractWords.ts';

const STEP = 15;
const ZERO = '0x0000000000000000000000000000000000000000';

/** Every coin that came or left, from the coin's own events. */
export function Transfers({ account }: { account: Address }): JSX.Element {
  const [limit, setLimit] = useState(STEP);
  const { data, error, refetch, isPlaceholderData } = useQuery(transfersQuery(account, limit));
  return (
    <Section title="Transfers" aside={data && <span className="text-sm text-muted">{plural(data.total, 'transfer')}{!data.complete && ', of the blocks that could be read'}</span>}>
      {error && !data && <Failure error={error} safe="Coins are where the chain says; this page only reads them." retry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-64" />}
      {data?.items.length === 0 && <Empty title="No transfers yet">What comes to this account and what leaves it will stand here, each with its transaction.</Empty>}
      {data && data.items.length > 0 && <TransferTable items={data.items} />}
      {data && data.total > limit && <Button size="small" className="mt-3" busy={isPlaceholderData} onClick={() => setLimit((before) => before + 2 * STEP)}>Show more</Button>}
    </Section>
  );
}

function TransferTable({ items }: { items: CoinTransfer[] }): JSX.Element {
  return (
    <Table label="Transfers" head={['', 'Amount', 'With', 'Transaction', 'Block', 'When']} numeric={[1, 4]}>
      {items.map((item) => (
        <tr key={`${item.transaction} ${item.index}`}>
          <td className="whitespace-nowrap">{item.direction === 'in' ? <span className="inline-flex items-center gap-1"><ArrowDownLeft size={14} className="text-good" aria-hidden="true" />In</span> : item.direction === 'out' ? <span className="inline-flex items-center gap-1"><ArrowUpRight size={14} className="text-muted" aria-hidden="true" />Out</span> : 'To itself'}</td>
          <td className="text-right"><Money amount={item.amount} /></td>
          <td><Other address={item.other} direction={item.direction} /></td>
          <td><Link to={`/explorer/tx/${item.transaction}`} className="link num whitespace-nowrap">{shorten(item.transaction)}</Link></td>
          <td className="num text-right"><Link to={`/explorer/block/${item.block}`} className="hover:underline">{count(item.block)}</Link></td>
          <td className="text-muted"><When at={item.at} /></td>
        </tr>
      ))}
    </Table>
  );
}

function Other({ address, direction }: { address: Address; direction: CoinTransfer['direction'] }): JSX.Element {
  const { data: config } = useQuery(configQuery());
  if (address === ZERO) return <span className="text-muted">{direction === 'in' ? 'minted' : 'burnt'}</span>;
  const contract = Object.entries(config?.deployment.addresses ?? {}).find(([, known]) => known.toLowerCase() === address.toLowerCase())?.[0];
  return contract ? <Link to={`/explorer/contract/${contract}`} className="link">{contractWord(contract)}</Link> : <Account address={address} />;
}
