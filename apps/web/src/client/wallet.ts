import type { DemoAccount } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { demoAccountsQuery } from '../queries/chain.ts';
import { leaveWalletConnect } from './leaveWalletConnect.ts';
import { type InjectedWallet, onWallet, readChoice, readInjected, useChoice, useInjected, writeChoice } from './walletChoice.ts';

/** Who acts here: a demo wallet, whose key the node gives to everybody, or an own wallet that is asked for each signature. */
export type Wallet = DemoAccount | InjectedWallet;

export const isDemo = (wallet: Wallet): wallet is DemoAccount => 'privateKey' in wallet;

/** Remembers which demo wallet acts here; undefined disconnects. The key itself is read from the node each time. */
export function chooseWallet(address: DemoAccount['address'] | undefined): void {
  const before = readChoice();
  writeChoice(address ? { address } : undefined);
  leaveWalletConnect(before);
}

/** An own wallet that was chosen on an earlier visit or in another tab is taken up again; its code is loaded for that alone. */
function takeUp(): void {
  const choice = readChoice();
  const rdns = choice && 'rdns' in choice ? choice.rdns : undefined;
  if (rdns === readInjected()?.rdns || (rdns === undefined && readInjected() === undefined)) return;
  void import('./injected.ts').then(({ resumeWallet }) => resumeWallet());
}
onWallet(takeUp);
takeUp();

/** Whether a wallet was chosen here and it is not yet known whether it is still there: neither "connected" nor "not". */
export function useWalletPending(): boolean {
  const choice = useChoice();
  const injected = useInjected();
  const isOwn = choice !== undefined && 'rdns' in choice;
  const { isPending } = useQuery({ ...demoAccountsQuery(), enabled: choice !== undefined && !isOwn });
  if (!choice) return false;
  return isOwn ? injected === undefined || injected.state === 'looking' : isPending;
}

/** The wallet that acts here, if one was chosen and is still there. */
export function useWallet(): Wallet | undefined {
  const choice = useChoice();
  const injected = useInjected();
  const isOwn = choice !== undefined && 'rdns' in choice;
  const { data } = useQuery({ ...demoAccountsQuery(), enabled: choice !== undefined && !isOwn });
  return isOwn ? injected?.wallet : data?.find(({ address }) => address === choice?.address);
}
