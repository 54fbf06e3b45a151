import { useMutation, useQuery } from '@tanstack/react-query';
import { Check, QrCode as QrCodeIcon, Wallet as WalletIcon } from 'lucide-react';
import { type JSX, type ReactNode, Suspense, useState, useSyncExternalStore } from 'react';
import { Link } from 'react-router';
import { connectWallet, listWallets, onWallets, safeIcon } from '../client/injected.ts';
import { isStatic } from '../client/chosenNode.ts';
import { chooseWallet, isDemo, useWallet } from '../client/wallet.ts';
import { WALLET_CONNECT, useInjected } from '../client/walletChoice.ts';
import { accountQuery, configQuery, demoAccountsQuery } from '../queries/chain.ts';
import { useFundsMutation } from '../queries/mutations.ts';
import { Identicon } from './Account.tsx';
import { Gas, Money } from './Amounts.tsx';
import { Button, ButtonLink } from './Button.tsx';
import { Hash, shorten } from './Copy.tsx';
import { Failure, Skeleton } from './Feedback.tsx';
import { Modal } from './Modal.tsx';
import { Badge } from './State.tsx';
import { lazyPart } from './lazyPart.ts';

const PairWallet = lazyPart(() => import('./PairWallet.tsx'), 'PairWallet');

/** Choose who acts: a wallet of one's own, or on the demo chain one with play money, marked as such. */
export function WalletDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { data: config } = useQuery(configQuery());
  const wallet = useWallet();
  const [pairing, setPairing] = useState(false);
  if (pairing) {
    return (
      <Modal open onOpenChange={(open) => !open && onClose()} title="WalletConnect" description="Scan this with a wallet on your phone.">
        <Suspense fallback={<Skeleton className="h-80" />}><PairWallet onClose={onClose} onBack={() => setPairing(false)} /></Suspense>
      </Modal>
    );
  }
  return (
    <Modal open onOpenChange={(open) => !open && onClose()} title="Wallets" description="Who signs and pays here. Nothing is asked for before you do something that needs it.">
      <div className="grid gap-5">
        <OwnWallets onClose={onClose} onPair={config?.walletConnect && !isStatic ? () => setPairing(true) : undefined} />
        {config?.demo && <DemoWallets onClose={onClose} />}
      </div>
      {wallet && <Balance address={wallet.address} onClose={onClose} />}
    </Modal>
  );
}

function Choice({ name, about, chosen, picture, end, onClick, busy = false }: { name: string; about: string; chosen: boolean; picture: ReactNode; end?: ReactNode; onClick: () => void; busy?: boolean }): JSX.Element {
  return (
    <button type="button" aria-pressed={chosen} disabled={busy} onClick={onClick} className={`flex w-full items-center gap-3 rounded-md border px-3 py-2 text-left hover:bg-bg disabled:opacity-55 ${chosen ? 'border-accent' : 'border-line'}`}>
      {picture}
      <span className="min-w-0 flex-1"><span className="block truncate font-medium">{name}</span><span className="block truncate text-sm text-muted">{about}</span></span>
      {end}
      {chosen && <Check size={16} className="text-accent" aria-label="Chosen" />}
    </button>
  );
}

/** Wallets that announced themselves in this browser, and the way to one on another device. Names and pictures are what they say of themselves. */
function OwnWallets({ onClose, onPair }: { onClose: () => void; onPair: (() => void) | undefined }): JSX.Element {
  const wallets = useSyncExternalStore(onWallets, listWallets);
  const injected = useInjected();
  const connecting = useMutation({ mutationFn: connectWallet, onSuccess: onClose });
  const phone = injected?.rdns === WALLET_CONNECT ? injected.wallet : undefined;
  return (
    <section aria-label="Your wallets">
      <h3 className="mb-2 text-sm font-medium">Your wallets</h3>
      {wallets.length === 0 && <p className="text-sm text-muted">No wallet was found in this browser. One that is installed as an extension (EIP-6963) appears here by itself.</p>}
      <ul className="grid gap-1">
        {wallets.map((detail) => {
          const { uuid, name, rdns, icon } = detail.info;
          const mine = injected?.rdns === rdns ? injected : undefined;
          const asking = connecting.isPending && connecting.variables === detail;
          return (
            <li key={uuid}>
              <Choice name={name} about={asking ? 'Answer in the wallet’s window' : mine?.state === 'locked' ? 'Locked: connect it again' : mine?.wallet ? shorten(mine.wallet.address) : 'Not connected'} chosen={mine?.wallet !== undefined} busy={connecting.isPending} onClick={() => connecting.mutate(detail)}
                picture={<WalletPicture icon={safeIcon(icon)} size={28} />} />
            </li>
          );
        })}
        {onPair && (
          <li>
            <Choice name="WalletConnect" about={phone ? `${phone.name}, ${shorten(phone.address)}` : 'A wallet on your phone, by a QR code'} chosen={phone !== undefined} busy={connecting.isPending} onClick={onPair}
              picture={<QrCodeIcon size={28} aria-hidden="true" className="shrink-0 text-muted" />} />
          </li>
        )}
      </ul>
      {injected?.state === 'missing' && <p className="mt-2 text-sm text-warn">The wallet that you used here is not in this browser now. Switch it on, and it is taken up again.</p>}
      {connecting.isError && <div className="mt-2"><Failure error={connecting.error} /></div>}
    </section>
  );
}

function WalletPicture({ icon, size }: { icon: string | undefined; size: number }): JSX.Element {
  return icon ? <img src={icon} alt="" width={size} height={size} className="shrink-0 rounded-sm" /> : <WalletIcon size={size} aria-hidden="true" className="shrink-0 text-muted" />;
}

function DemoWallets({ onClose }: { onClose: () => void }): JSX.Element {
  const accounts = useQuery(demoAccountsQuery());
  const wallet = useWallet();
  return (
    <section aria-label="Demo wallets">
      <h3 className="mb-1 flex items-center gap-2 text-sm font-medium">Demo wallets <Badge tone="warn">play money</Badge></h3>
      <p className="mb-2 text-sm text-muted">For this node’s own chain only. Anybody who opens this page can use them.</p>
      {accounts.isPending && <div className="grid gap-2"><Skeleton className="h-14" /><Skeleton className="h-14" /><Skeleton className="h-14" /></div>}
      {accounts.isError && <Failure error={accounts.error} retry={() => void accounts.refetch()} />}
      <ul className="grid gap-1">
        {accounts.data?.map(({ address, name, role }) => (
          <li key={address}>
            <Choice name={name} about={role} chosen={wallet !== undefined && isDemo(wallet) && wallet.address === address} onClick={() => { chooseWallet(address); onClose(); }}
              picture={<Identicon address={address} size={28} />} end={<span className="num text-muted">{shorten(address)}</span>} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Balance({ address, onClose }: { address: `0x${string}`; onClose: () => void }): JSX.Element {
  const { data } = useQuery(accountQuery(address));
  const { data: config } = useQuery(configQuery());
  const funds = useMutation(useFundsMutation());
  return (
    <div className="mt-4 border-t border-line pt-4">
      {data ? <p className="mb-3 flex justify-between gap-4"><span className="text-muted">Holds</span><span><Money amount={data.balance} strong /> and <Gas wei={data.gasBalance} /> for gas</span></p> : <Skeleton className="mb-3 h-5" />}
      {data?.gasBalance === 0n && <p className="mb-3 text-sm text-warn">It has nothing to pay for gas with, so it can sign and cannot send. {config?.demo ? 'Play money brings both.' : <>Send native coin to <Hash value={address} label="address" />.</>}</p>}
      {funds.isError && <div className="mb-3"><Failure error={funds.error} /></div>}
      <div className="flex flex-wrap gap-2">
        <ButtonLink to="/account" size="small" onClick={onClose}>Account</ButtonLink>
        {config?.demo && <Button size="small" busy={funds.isPending} onClick={() => funds.mutate(address)}>Get play money</Button>}
        <Button size="small" look="quiet" onClick={() => { chooseWallet(undefined); onClose(); }}>Disconnect</Button>
        <Link to="/orders" onClick={onClose} className="link ml-auto self-center text-sm">My orders</Link>
      </div>
    </div>
  );
}
