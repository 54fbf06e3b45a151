import { NeuroError } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, useEffect, useEffectEvent, useState } from 'react';
import { connectWallet } from '../client/injected.ts';
import { type Pairing, pair } from '../client/walletConnect.ts';
import { configQuery } from '../queries/chain.ts';
import { Button } from './Button.tsx';
import { useCopy } from './Copy.tsx';
import { Failure, Skeleton } from './Feedback.tsx';
import { QrCode } from './user/QrCode.tsx';

type PairWalletProps = { onClose: () => void; onBack: () => void };

/** A pairing by WalletConnect: its address as a picture, and what has become of it. */
export function PairWallet(props: PairWalletProps): JSX.Element {
  const [attempt, setAttempt] = useState(0);
  return <Attempt key={attempt} {...props} onAgain={() => setAttempt(attempt + 1)} />;
}

function Attempt({ onClose, onBack, onAgain }: PairWalletProps & { onAgain: () => void }): JSX.Element {
  const { uri, error } = usePairing(onClose);
  const { data: config } = useQuery(configQuery());
  const { copied, copy } = useCopy(uri ?? '');
  return (
    <div className="grid gap-4">
      {error === undefined && (
        <>
          <div className="grid justify-items-center">{uri ? <QrCode text={uri} label="WalletConnect" pixels={288} /> : <Skeleton className="size-72" />}</div>
          <p role="status" className="text-center text-muted">{uri ? 'Waiting for your wallet: answer there. This picture holds for five minutes.' : 'Reaching the relay'}</p>
          <div className="flex flex-wrap justify-center gap-2">
            <Button disabled={!uri} onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>
            {uri && <a href={uri} className="inline-flex h-9 items-center justify-center rounded-md border border-line-strong/60 bg-surface px-4 font-medium hover:border-line-strong hover:bg-bg">Open a wallet on this device</a>}
          </div>
        </>
      )}
      {error !== undefined && <Failure error={error} retry={onAgain} />}
      {config?.walletConnect && <p className="hint">What you and your wallet say to each other goes through {new URL(config.walletConnect.relayUrl).host}, sealed: it sees that you are connected, and when, but not your account or what is signed.</p>}
      <div><Button size="small" look="quiet" onClick={onBack}>Other wallets</Button></div>
    </div>
  );
}

/** One pairing at a time; it is taken back when the dialog goes. */
function usePairing(onPaired: () => void): { uri: string | undefined; error: unknown } {
  const [uri, setUri] = useState<string>();
  const [error, setError] = useState<unknown>();
  const paired = useEffectEvent(onPaired);
  useEffect(() => {
    let gone = false;
    let pairing: Pairing | undefined;
    const run = async (): Promise<void> => {
      pairing = await pair();
      if (gone) return pairing.cancel();
      setUri(pairing.uri);
      const wallet = await pairing.wallet;
      pairing = undefined;
      if (gone) return undefined;
      await connectWallet(wallet);
      return paired();
    };
    run().catch((reason: unknown) => { if (!gone) setError(reason instanceof NeuroError ? reason : new NeuroError(String(reason), { code: 'INTERNAL' })); });
    return () => {
      gone = true;
      pairing?.cancel();
    };
  }, []);
  return { uri, error };
}
