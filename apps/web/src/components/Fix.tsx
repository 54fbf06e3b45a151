import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useWallet } from '../client/wallet.ts';
import { useInjected } from '../client/walletChoice.ts';
import { Said } from '../language/Said.tsx';
import { configQuery } from '../queries/chain.ts';
import { useFundsMutation } from '../queries/mutations.ts';
import { Button } from './Button.tsx';
import { Hash } from './Copy.tsx';
import { SwitchNetwork } from './NetworkNotice.tsx';

/** What sets a failure right, where something on this page can: the network, or money on the demo chain. */
export function Fix({ code }: { code: string }): JSX.Element | null {
  // A node whose own chain is another one is nothing that a wallet can set right.
  const isOwn = useInjected() !== undefined;
  if (code === 'WRONG_CHAIN' && isOwn) return <div className="mt-3"><SwitchNetwork /></div>;
  if (code === 'NO_FUNDS') return <div className="mt-3"><Funds /></div>;
  return null;
}

/** Play money on the demo chain; elsewhere the address to which coins must be sent. */
export function Funds(): JSX.Element | null {
  const wallet = useWallet();
  const { data: config } = useQuery(configQuery());
  const funds = useMutation(useFundsMutation());
  if (!wallet || !config) return null;
  if (!config.demo) return <p className="text-sm">Send coins to <Hash value={wallet.address} label="address" keep={6} /> on network <span className="num">{config.deployment.chainId}</span>: native coin for gas, NCR to pay with.</p>;
  if (funds.isSuccess) return <p className="text-sm">{wallet.name} has play money now, and coin for gas. Try again.</p>;
  return (
    <div className="grid justify-items-start gap-2">
      <Button size="small" busy={funds.isPending} onClick={() => funds.mutate(wallet.address)}>Get play money</Button>
      {funds.isError && <p className="text-sm text-bad"><Said text={funds.error instanceof Error ? funds.error.message : String(funds.error)} /></p>}
    </div>
  );
}
