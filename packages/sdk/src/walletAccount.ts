import { NeuroError } from '@neurodata/protocol';
import { type Address, type Hex, type LocalAccount, createWalletClient, custom } from 'viem';
import { toNeuroError } from './errors.ts';
import type { WalletAccount } from './signer.ts';
import { explainWallet } from './walletRefusal.ts';

/** What an EIP-1193 provider must offer. */
export type WalletProvider = { request(parameters: { method: string; params?: unknown }): Promise<unknown> };

export type WalletAccountParameters = {
  provider: WalletProvider;
  address: Address;
  /** Where its transactions belong. Numbers are not unique, above all those of local chains: a block tells them apart. */
  chain: { id: number; block: { number: number; hash: Hex } };
};

/**
 * An account of a wallet (EIP-1193). Before each question it is seen that the wallet still shows this account and is on this chain.
 * Its methods throw `REJECTED`, `WRONG_CHAIN`, `CONFLICT` or `UNREACHABLE`.
 */
export function walletAccount(parameters: WalletAccountParameters): WalletAccount {
  const { provider, address, chain } = parameters;
  // A question that is put again by itself would open the wallet again.
  const wallet = createWalletClient({ account: address, transport: custom(provider, { retryCount: 0 }) });
  const asking = async <T>(ask: () => Promise<T>, anyChain = false): Promise<T> => {
    try {
      await checkShown(provider, address);
      if (!anyChain) await checkChain(provider, chain);
      return await ask();
    } catch (error) {
      throw toNeuroError(explainWallet(error));
    }
  };
  return {
    type: 'wallet', address,
    // Signing in belongs to no chain.
    signMessage: ({ message }) => asking(() => wallet.signMessage({ message }), true),
    signTypedData: ((typed: Parameters<typeof wallet.signTypedData>[0]) => asking(() => wallet.signTypedData(typed))) as LocalAccount['signTypedData'],
    sendTransaction: (transaction) => asking(() => wallet.sendTransaction({ ...transaction, chain: null })),
  };
}

async function checkShown(provider: WalletProvider, address: Address): Promise<void> {
  const accounts = await provider.request({ method: 'eth_accounts' });
  if (Array.isArray(accounts) && accounts.some((account) => String(account).toLowerCase() === address.toLowerCase())) return;
  throw new NeuroError('Your wallet shows another account now, or is locked.', { code: 'CONFLICT', remedy: `Choose ${address} in it, or connect again with the wallet button.` });
}

async function checkChain(provider: WalletProvider, chain: WalletAccountParameters['chain']): Promise<void> {
  const actual = Number(await provider.request({ method: 'eth_chainId' }));
  if (actual !== chain.id) throw new NeuroError(`Your wallet is on network ${actual}; this market is on network ${chain.id}.`, { code: 'WRONG_CHAIN', remedy: 'Switch the network: the button asks your wallet to.' });
  const block = (await provider.request({ method: 'eth_getBlockByNumber', params: [`0x${chain.block.number.toString(16)}`, false] }).catch(() => undefined)) as { hash?: string } | null | undefined;
  // A wallet that answers nothing says nothing against it.
  if (block === undefined || block?.hash?.toLowerCase() === chain.block.hash.toLowerCase()) return;
  throw new NeuroError(`Your wallet has a network ${chain.id}, and it is another one than this market's.`, { code: 'WRONG_CHAIN', remedy: "Switch the network: the button gives your wallet this node's address for it." });
}
