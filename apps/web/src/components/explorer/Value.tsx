import type { JSX } from 'react';
import { grouped } from '../../language/format.ts';
import { Money, count } from '../Amounts.tsx';
import { shorten } from '../Copy.tsx';
import { Address, Sentence } from './Sentence.tsx';

const LONG = 200;

/** Names of arguments that hold base units of NCR, by contract; other numbers are shown as they are. */
const amounts: Record<string, RegExp> = {
  training: /^(maxTotal|maxFee|bond|fee|workerFee|validationFee)$/, curation: /^(bond|amount)$/, workers: /^pricePerUnit$/,
  neuroCoin: /^(value|amount|left)$/, neuroVotes: /^(value|amount|previousVotes|newVotes)$/, staking: /^amount$/, validators: /^(fee|reward|amount|stake)$/,
};

/** An argument of a call or an event: addresses by name, amounts with their unit, long bytes shortened. */
export function Value({ contract, name, value }: { contract: string; name: string; value: unknown }): JSX.Element {
  if (typeof value === 'boolean') return <>{value ? 'yes' : 'no'}</>;
  if (typeof value === 'bigint' || typeof value === 'number') return amounts[contract]?.test(name) ? <Money amount={BigInt(value)} /> : <span className="num">{grouped(value.toString())}</span>;
  if (typeof value === 'string') {
    if (/^0x[0-9a-fA-F]{40}$/.test(value)) return <Address value={value} />;
    if (/^0x[0-9a-fA-F]{64}$/.test(value)) return <Sentence text={value} />;
    if (/^0x[0-9a-fA-F]*$/.test(value)) return <span className="num break-all" title={value.slice(0, 2_000)}>{value.length > 70 ? shorten(value, 8) : value}{value.length > 70 && <span className="font-sans break-normal text-muted"> {count((value.length - 2) / 2)} bytes</span>}</span>;
    return <>“{value.slice(0, LONG)}{value.length > LONG ? '…' : ''}”</>;
  }
  if (Array.isArray(value)) return <List contract={contract} name={name} items={value} />;
  if (isPermit(value)) return <>{value.deadline === 0n ? <span className="text-muted">none: the standing allowance</span> : 'a signed approval'}</>;
  if (typeof value === 'object' && value !== null) return <span className="inline-flex flex-wrap gap-x-3">{Object.entries(value).map(([field, inner]) => <span key={field}><span className="text-muted">{field}</span> <Value contract={contract} name={field} value={inner} /></span>)}</span>;
  return <span className="text-muted">none</span>;
}

/** A signature that lets a contract take coins: its parts mean nothing to readers. */
function isPermit(value: unknown): value is { deadline: bigint } {
  return typeof value === 'object' && value !== null && 'deadline' in value && 'r' in value && 's' in value;
}

const SHOWN = 8;

function List({ contract, name, items }: { contract: string; name: string; items: unknown[] }): JSX.Element {
  if (items.length === 0) return <span className="text-muted">none</span>;
  return <span className="inline-flex flex-wrap gap-x-2">{items.slice(0, SHOWN).map((item, index) => <span key={index}><Value contract={contract} name={name} value={item} />{index < Math.min(items.length, SHOWN) - 1 && ','}</span>)}{items.length > SHOWN && <span className="text-muted">and {count(items.length - SHOWN)} more</span>}</span>;
}
