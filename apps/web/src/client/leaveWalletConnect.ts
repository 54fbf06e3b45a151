import { type WalletChoice, isWalletConnect, readChoice } from './walletChoice.ts';

/** Ends the session of WalletConnect, in the wallet too, once another wallet acts here or none does. `before`: who did. */
export function leaveWalletConnect(before: WalletChoice | undefined): void {
  if (isWalletConnect(before) && !isWalletConnect(readChoice())) void import('./walletConnect.ts').then(({ endSessions }) => endSessions());
}
