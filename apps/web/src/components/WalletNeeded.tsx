import type { JSX } from 'react';
import { useWalletPending } from '../client/wallet.ts';
import { Button } from './Button.tsx';
import { Empty, Skeleton } from './Feedback.tsx';
import { useShell } from './useShell.ts';

/** What stands on pages about oneself while nobody is connected. */
export function WalletNeeded({ what }: { what: string }): JSX.Element {
  const { show } = useShell();
  // Who comes back is not told for a moment that they chose none.
  if (useWalletPending()) return <Skeleton className="h-96 rounded-lg" />;
  return <Empty title="No wallet chosen" action={<Button look="primary" onClick={() => show('wallet')}>Choose a demo wallet</Button>}>{what} A demo wallet has play money, so nothing can go wrong.</Empty>;
}
