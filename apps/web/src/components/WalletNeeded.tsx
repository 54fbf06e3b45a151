import type { JSX } from 'react';
import { Button } from './Button.tsx';
import { Empty } from './Feedback.tsx';
import { useShell } from './useShell.ts';

/** What stands on pages about oneself while nobody is connected. */
export function WalletNeeded({ what }: { what: string }): JSX.Element {
  const { show } = useShell();
  return <Empty title="No wallet chosen" action={<Button look="primary" onClick={() => show('wallet')}>Choose a demo wallet</Button>}>{what} A demo wallet has play money, so nothing can go wrong.</Empty>;
}
