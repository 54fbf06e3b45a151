import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import type { Address } from 'viem';
import { demoAccountsQuery } from '../queries/chain.ts';
import { Account } from './Account.tsx';
import { typedAccount } from './typedAccount.ts';

type AccountFieldProps = { id: string; label: string; value: string; onChange: (text: string) => void; own: Address | undefined; /** What else is wrong with it. */ problem?: string | undefined; autoFocus?: boolean };

/** An account by address, or by a demo wallet's name; below it who that is, or what is wrong. */
export function AccountField({ id, label, value, onChange, own, problem: other, autoFocus = false }: AccountFieldProps): JSX.Element {
  const { data: people } = useQuery(demoAccountsQuery());
  const typed = typedAccount({ text: value, people, own });
  const problem = typed.wrong ?? other;
  return (
    <div>
      <label htmlFor={id} className="label">{label}</label>
      <input id={id} className="field" {...(autoFocus ? { 'data-autofocus': true } : {})} list={`${id}-people`} autoComplete="off" spellCheck={false} placeholder="0x… or a demo wallet’s name" value={value} onChange={(event) => onChange(event.target.value)} aria-invalid={problem !== undefined} aria-describedby={`${id}-help`} />
      <datalist id={`${id}-people`}>{people?.filter(({ address }) => address !== own).map((person) => <option key={person.address} value={person.name}>{person.address}</option>)}</datalist>
      <p id={`${id}-help`} className="mt-1 min-h-5 text-sm text-muted">{problem ? <span role="alert" className="text-bad">{problem}</span> : typed.account && <Account address={typed.account} />}</p>
    </div>
  );
}
