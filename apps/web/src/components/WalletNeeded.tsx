import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useWalletPending } from '../client/wallet.ts';
import { configQuery } from '../queries/chain.ts';
import { Button } from './Button.tsx';
import { Empty, Skeleton } from './Feedback.tsx';
import { useShell } from './useShell.ts';

/** What stands on pages about oneself while nobody is connected. */
export function WalletNeeded({ what }: { what: string }): JSX.Element {
  const { show } = useShell();
  const { data: config } = useQuery(configQuery());
  // Who comes back is not told for a moment that they chose none.
  if (useWalletPending()) return <Skeleton className="h-96 rounded-lg" />;
  return <Empty title="No wallet chosen" action={<Button look="primary" onClick={() => show('wallet')}>{config?.demo ? 'Choose a demo wallet' : 'Connect a wallet'}</Button>}>{what} {config?.demo ? 'A demo wallet has play money, so nothing can go wrong; your own wallet works too.' : 'Your wallet keeps its keys, and asks you before it signs.'}</Empty>;
}
