import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import type { Address } from 'viem';
import { coinQuery } from '../../queries/coin.ts';
import { governanceQuery } from '../../queries/governance.ts';
import { Money } from '../Amounts.tsx';

/** Who may propose; the contract decides by the votes of a second ago. */
export function Threshold({ account }: { account: Address }): JSX.Element | null {
  const { data: rules } = useQuery(governanceQuery());
  const { data: coin } = useQuery(coinQuery(account));
  if (!rules) return null;
  const needed = rules.proposalThreshold;
  return <span className="text-sm text-muted">It takes <Money amount={needed} /> of votes to propose{coin && <>; you have <Money amount={coin.weight} /></>}. {coin && coin.weight < needed && <Link className="link" to="/token">Wrap and delegate</Link>}</span>;
}
