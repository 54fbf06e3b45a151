import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { configQuery } from '../../queries/chain.ts';
import { useAccountName } from '../Account.tsx';
import { WithShortNumbers, shorten } from '../Copy.tsx';
import { readersAmounts } from '../../language/readersAmounts.ts';
import { contractWord } from './contractWords.ts';

/** A sentence about a call, in which addresses and ids are named and lead to their pages, long numbers are short and amounts are in the reader’s digits. */
export function Sentence({ text }: { text: string }): JSX.Element {
  return <>{text.split(/(0x(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}))(?![0-9a-fA-F])/).map((part, index) => (index % 2 === 1 ? <Named key={index} value={part} /> : <WithShortNumbers key={index} text={readersAmounts(part)} />))}</>;
}

function Named({ value }: { value: string }): JSX.Element {
  return value.length === 42 ? <Address value={value} /> : <Id value={value} />;
}

/** An address by its name, linked: contracts to their page, others to theirs. */
export function Address({ value }: { value: string }): JSX.Element {
  const { data: config } = useQuery(configQuery());
  const name = useAccountName(value);
  const contract = Object.entries(config?.deployment.addresses ?? {}).find(([, address]) => address.toLowerCase() === value.toLowerCase())?.[0];
  if (contract) return <Link to={`/explorer/contract/${contract}`} title={value} className="link">{contractWord(contract)}</Link>;
  if (/^0x0{40}$/.test(value)) return <span className="text-muted" title={value}>nobody</span>;
  return <Link to={`/explorer/account/${value}`} title={value} className={`link ${name ? '' : 'num'}`}>{name ?? shorten(value)}</Link>;
}

/** An id of 32 bytes: those that begin like an order’s or a run’s lead to its page; a digest may begin alike, and the page then says that there is none. */
function Id({ value }: { value: string }): JSX.Element {
  const to = { '0x01': `/orders/${value}`, '0x02': `/runs/${value}` }[value.slice(0, 4)];
  return to ? <Link to={to} title={value} className="link num">{shorten(value, 5)}</Link> : <span title={value} className="num">{shorten(value, 5)}</span>;
}
