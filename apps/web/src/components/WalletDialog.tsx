import { useMutation, useQuery } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { chooseWallet, useWallet } from '../client/wallet.ts';
import { useFundsMutation } from '../queries/mutations.ts';
import { accountQuery, configQuery, demoAccountsQuery } from '../queries/chain.ts';
import { Identicon } from './Account.tsx';
import { Gas, Money } from './Amounts.tsx';
import { Button, ButtonLink } from './Button.tsx';
import { shorten } from './Copy.tsx';
import { Failure, Skeleton } from './Feedback.tsx';
import { Modal } from './Modal.tsx';

/** Choose who acts: demo wallets with play money, marked as such. */
export function WalletDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { data: config } = useQuery(configQuery());
  const accounts = useQuery(demoAccountsQuery());
  const wallet = useWallet();
  return (
    <Modal open onOpenChange={(open) => !open && onClose()} title="Demo wallets" description="Play money on this node's own chain. Anybody who opens this page can use these wallets.">
      {accounts.isPending && <div className="grid gap-2"><Skeleton className="h-14" /><Skeleton className="h-14" /><Skeleton className="h-14" /></div>}
      {accounts.isError && <Failure error={accounts.error} retry={() => void accounts.refetch()} />}
      {accounts.data?.length === 0 && <p>This node {config?.demo === false ? 'works on a public chain and ' : ''}offers no demo wallets. Use your own key with the command line: <code>neurodata help</code>.</p>}
      <ul className="grid gap-1">
        {accounts.data?.map(({ address, name, role }) => (
          <li key={address}>
            <button type="button" aria-pressed={wallet?.address === address} onClick={() => { chooseWallet(address); onClose(); }} className={`flex w-full items-center gap-3 rounded-md border px-3 py-2 text-left hover:bg-bg ${wallet?.address === address ? 'border-accent' : 'border-line'}`}>
              <Identicon address={address} size={28} />
              <span className="min-w-0 flex-1"><span className="block font-medium">{name}</span><span className="block truncate text-sm text-muted">{role}</span></span>
              <span className="num text-muted">{shorten(address)}</span>
              {wallet?.address === address && <Check size={16} className="text-accent" aria-label="Chosen" />}
            </button>
          </li>
        ))}
      </ul>
      {wallet && <Balance address={wallet.address} onClose={onClose} />}
    </Modal>
  );
}

function Balance({ address, onClose }: { address: `0x${string}`; onClose: () => void }): JSX.Element {
  const { data } = useQuery(accountQuery(address));
  const funds = useMutation(useFundsMutation());
  return (
    <div className="mt-4 border-t border-line pt-4">
      {data ? <p className="mb-3 flex justify-between gap-4"><span className="text-muted">Holds</span><span><Money amount={data.balance} strong /> and <Gas wei={data.gasBalance} /> for gas</span></p> : <Skeleton className="mb-3 h-5" />}
      {funds.isError && <div className="mb-3"><Failure error={funds.error} /></div>}
      <div className="flex flex-wrap gap-2">
        <ButtonLink to="/account" size="small" onClick={onClose}>Account</ButtonLink>
        <Button size="small" busy={funds.isPending} onClick={() => funds.mutate(address)}>Get play money</Button>
        <Button size="small" look="quiet" onClick={() => { chooseWallet(undefined); onClose(); }}>Disconnect</Button>
        <Link to="/orders" onClick={onClose} className="link ml-auto self-center text-sm">My orders</Link>
      </div>
    </div>
  );
}
