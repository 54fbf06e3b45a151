import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { type Address as TokenAddress, type Hex, zeroAddress } from 'viem';
import { grouped, numeral } from '../../language/format.ts';
import { listingQuery } from '../../queries/assets.ts';
import { orderQuery } from '../../queries/orders.ts';
import { Money, count, duration } from '../Amounts.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { shorten } from '../Copy.tsx';
import { Address, Sentence } from './Sentence.tsx';
import { unitOf } from './unitOf.ts';

const LONG = 200;

/** Amounts whose token is told by what stands beside them (`useToken`). */
const priced: Record<string, RegExp> = { market: /^(price|maxPrice|toSeller|fee|toParent|amount)$/, subscriptions: /^(price|maxTotal|amount)$/, privateOffers: /^price$/ };

type Arguments = Record<string, unknown>;
type ValueProps = { contract: string; name: string; value: unknown; /** What stands beside it, by name. */ beside: Arguments };

/** An argument of a call or an event: addresses by name, amounts with their unit, long bytes shortened. */
export function Value({ contract, name, value, beside }: ValueProps): JSX.Element {
  if (typeof value === 'boolean') return <>{value ? 'yes' : 'no'}</>;
  if (typeof value === 'bigint' || typeof value === 'number') return <Figure contract={contract} name={name} value={BigInt(value)} beside={beside} />;
  if (typeof value === 'string') {
    if (/^0x[0-9a-fA-F]{40}$/.test(value)) return <Address value={value} />;
    if (/^0x[0-9a-fA-F]{64}$/.test(value)) return <Sentence text={value} />;
    if (/^0x[0-9a-fA-F]*$/.test(value)) return <span className="num break-all" title={value.slice(0, 2_000)}>{value.length > 70 ? shorten(value, 8) : value}{value.length > 70 && <span className="font-sans break-normal text-muted"> {count((value.length - 2) / 2)} bytes</span>}</span>;
    return <>“{value.slice(0, LONG)}{value.length > LONG ? '…' : ''}”</>;
  }
  if (Array.isArray(value)) return <List contract={contract} name={name} items={value} beside={beside} />;
  if (isPermit(value)) return <>{value.deadline === 0n ? <span className="text-muted">none: the standing allowance</span> : 'a signed approval'}</>;
  if (isStruct(value)) return <span className="inline-flex flex-wrap gap-x-3">{Object.entries(value).map(([field, inner]) => <span key={field}><span className="text-muted">{field}</span> <Value contract={contract} name={field} value={inner} beside={{ ...beside, ...value }} /></span>)}</span>;
  return <span className="text-muted">none</span>;
}

/** Arguments by their names, one beside the other. */
export function Values({ contract, args }: { contract: string; args: Arguments }): JSX.Element {
  return (
    <dl className="flex flex-wrap gap-x-5 gap-y-0.5 text-sm">
      {Object.entries(args).map(([name, value]) => <div key={name} className="flex min-w-0 gap-1.5"><dt className="text-muted">{name}</dt><dd className="min-w-0 break-words"><Value contract={contract} name={name} value={value} beside={args} /></dd></div>)}
    </dl>
  );
}

export function isStruct(value: unknown): value is Arguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function Figure({ contract, name, value, beside }: ValueProps & { value: bigint }): JSX.Element {
  const unit = unitOf(contract, name);
  if (unit === 'NCR') return <Money amount={value} />;
  if (priced[contract]?.test(name)) return <Price amount={value} beside={beside} />;
  if (unit === 'bps') return <span className="num">{numeral(Number(value) / 100)} %</span>;
  if (unit === 'seconds') return <>{duration(Number(value))}</>;
  return <span className="num">{grouped(value.toString())}</span>;
}

function Price({ amount, beside }: { amount: bigint; beside: Arguments }): JSX.Element {
  const token = useToken(beside);
  if (token === 'asked') return <span className="num" aria-busy="true">…</span>;
  return token === 'unknown' ? <span className="num">{grouped(amount.toString())}</span> : <TokenAmount amount={amount} token={token} />;
}

/** The token of an amount (null is NCR) by what stands beside it: the token itself, else the order or the offer that it is about. Where none of these is, the contract takes NCR only. */
function useToken(beside: Arguments): TokenAddress | null | 'asked' | 'unknown' {
  const { orderId, listingId, extras, offer } = beside;
  const named = [beside, extras, offer].filter(isStruct).map(({ token, token_ }) => token ?? token_).find((token) => typeof token === 'string') as TokenAddress | undefined;
  const ofOrder = named === undefined && typeof orderId === 'string';
  const ofListing = named === undefined && !ofOrder && (typeof listingId === 'number' || typeof listingId === 'bigint');
  const order = useQuery({ ...orderQuery(orderId as Hex), enabled: ofOrder });
  const listing = useQuery({ ...listingQuery(Number(listingId)), enabled: ofListing });
  if (named !== undefined) return named === zeroAddress ? null : named;
  const { data, isError } = ofOrder ? order : listing;
  if (!ofOrder && !ofListing) return null;
  return isError ? 'unknown' : (data?.token ?? (data ? null : 'asked'));
}

/** A signature that lets a contract take coins: its parts mean nothing to readers. */
function isPermit(value: unknown): value is { deadline: bigint } {
  return typeof value === 'object' && value !== null && 'deadline' in value && 'r' in value && 's' in value;
}

const SHOWN = 8;

function List({ contract, name, items, beside }: { contract: string; name: string; items: unknown[]; beside: Arguments }): JSX.Element {
  if (items.length === 0) return <span className="text-muted">none</span>;
  return <span className="inline-flex flex-wrap gap-x-2">{items.slice(0, SHOWN).map((item, index) => <span key={index}><Value contract={contract} name={name} value={item} beside={beside} />{index < Math.min(items.length, SHOWN) - 1 && ','}</span>)}{items.length > SHOWN && <span className="text-muted">and {count(items.length - SHOWN)} more</span>}</span>;
}
