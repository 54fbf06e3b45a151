import { useQuery } from '@tanstack/react-query';
import { Check, Copy as CopyIcon } from 'lucide-react';
import type { JSX } from 'react';
import { t } from '../language/t.ts';
import { demoAccountsQuery, validatorsQuery, workersQuery } from '../queries/chain.ts';
import { shorten, useCopy } from './Copy.tsx';

/** A picture of an address: a symmetric 5 by 5 grid from its bytes, in one of eight hues. */
export function Identicon({ address, size = 18 }: { address: string; size?: number }): JSX.Element {
  const bytes = (address.toLowerCase().slice(2).match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  const hue = ((bytes[0] ?? 0) % 8) * 45 + 10;
  const cells = Array.from({ length: 15 }, (_, index) => index).filter((index) => ((bytes[index + 2] ?? 0) & 1) === 1);
  return (
    <svg width={size} height={size} viewBox="0 0 7 7" aria-hidden="true" className="shrink-0 rounded-sm" style={{ background: `oklch(0.62 0.11 ${hue} / 0.18)`, color: `oklch(0.6 0.13 ${hue})` }} shapeRendering="crispEdges">
      {cells.flatMap((index) => {
        const [x, y] = [index % 3, Math.floor(index / 3)];
        const rect = (at: number) => <rect key={`${at} ${y}`} x={at + 1} y={y + 1} width="1" height="1" fill="currentColor" />;
        return x === 2 ? [rect(x)] : [rect(x), rect(4 - x)];
      })}
    </svg>
  );
}

/** Whose address it is, where the node knows a name. */
export function useAccountName(address: string | undefined): string | undefined {
  const people = useQuery(demoAccountsQuery());
  const validators = useQuery(validatorsQuery());
  const workers = useQuery(workersQuery());
  const same = (other: string): boolean => other.toLowerCase() === address?.toLowerCase();
  const person = people.data?.find((account) => same(account.address));
  if (person) return person.name;
  const validator = validators.data?.find(({ account }) => same(account));
  if (validator) return t`Validator ${validator.validatorId}`;
  const worker = workers.data?.findIndex(({ account }) => same(account)) ?? -1;
  return worker < 0 ? undefined : t`Worker ${worker + 1}`;
}

/** An account: picture, name if there is one, else the shortened address; a click copies the address. */
export function Account({ address }: { address: string }): JSX.Element {
  const name = useAccountName(address);
  const { copied, copy } = useCopy(address);
  return (
    <button type="button" onClick={copy} title={address} aria-label={`Copy address ${name ? t`of ${name}` : shorten(address)}`} className="inline-flex max-w-full items-center gap-1.5 rounded-sm align-middle whitespace-nowrap hover:text-accent">
      <Identicon address={address} />
      {name ? <span className="truncate">{name}</span> : <span className="num truncate">{shorten(address)}</span>}
      {copied ? <Check size={12} className="text-good" aria-hidden="true" /> : <CopyIcon size={12} className="shrink-0 text-muted" aria-hidden="true" />}
    </button>
  );
}
