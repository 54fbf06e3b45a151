import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX, ReactNode } from 'react';
import { switchNetwork } from '../client/injected.ts';
import { chooseWallet } from '../client/wallet.ts';
import { useInjected } from '../client/walletChoice.ts';
import { Said } from '../language/Said.tsx';
import { configQuery } from '../queries/chain.ts';
import { Button } from './Button.tsx';
import { useShell } from './useShell.ts';

/** What keeps an own wallet from signing here, while it does, and one button against it. */
export function NetworkNotice(): JSX.Element | null {
  const injected = useInjected();
  const { data: config } = useQuery(configQuery());
  const { show } = useShell();
  const wallet = injected?.wallet;
  if (injected?.state === 'ended') {
    return (
      <Strip action={<span className="flex gap-2"><Button size="small" onClick={() => show('wallet')}>Connect again</Button><Button size="small" look="quiet" onClick={() => chooseWallet(undefined)}>Dismiss</Button></span>}>
        Your wallet has ended its connection by WalletConnect. Nothing can be signed until it is connected again; what was sent goes on.
      </Strip>
    );
  }
  if (!wallet || !config) return null;
  const { chainId } = config.deployment;
  if (injected.state === 'lost') return <Strip>{wallet.name} has lost its connection. Nothing can be signed until it is back; what was sent goes on.</Strip>;
  if (injected.chainId === undefined || injected.chainId === chainId) return null;
  return (
    <Strip action={<SwitchNetwork />}>
      {wallet.name} is on network <span className="num">{injected.chainId}</span>; this market is on network <span className="num">{chainId}</span>{config.demo ? ', the demo chain of this node' : ''}. Nothing can be signed until it is switched.
    </Strip>
  );
}

function Strip({ children, action }: { children: ReactNode; action?: JSX.Element }): JSX.Element {
  return (
    <section aria-label="Wallet" className="border-b border-line bg-warn-soft">
      <div className="mx-auto flex max-w-[1200px] flex-wrap items-center justify-between gap-3 px-4 py-2 text-warn sm:px-6"><p>{children}</p>{action}</div>
    </section>
  );
}

/** Asks the wallet to go to the market's network, which it is told of where it does not know it. */
export function SwitchNetwork(): JSX.Element | null {
  const { data: config } = useQuery(configQuery());
  const turn = useMutation({ mutationFn: switchNetwork });
  if (!config) return null;
  return (
    <div className="grid gap-2">
      <Button size="small" busy={turn.isPending} onClick={() => turn.mutate(config)}>Switch network</Button>
      {turn.isError && <p role="alert" className="text-sm"><Said text={turn.error.message} /></p>}
    </div>
  );
}
