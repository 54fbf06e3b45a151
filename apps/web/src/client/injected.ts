import { type Config, NeuroError } from '@neurodata/protocol';
import { type WalletProvider, explainWallet, walletCodes } from '@neurodata/sdk';
import { type EIP6963ProviderDetail, createStore } from 'mipd';
import { type Address, getAddress } from 'viem';
import { t } from '../language/t.ts';
import { nodeUrl } from './api.ts';
import { leaveWalletConnect } from './leaveWalletConnect.ts';
import { type InjectedState, type OwnWallet, WALLET_CONNECT, readChoice, readInjected, setInjected, writeChoice } from './walletChoice.ts';

type Provider = WalletProvider & { on?: (event: string, listener: (value: never) => void) => void; removeListener?: (event: string, listener: (value: never) => void) => void };
type Session = { rdns: string; detail: OwnWallet | undefined; stop: () => void };

/** How long a wallet that was remembered may take to announce itself before it is said to be missing. It is taken up later too. */
const PATIENCE_MS = 2_000;

/** Wallets in this browser that announce themselves (EIP-6963). */
const found = createStore();
let session: Session | undefined;

export const listWallets = (): readonly EIP6963ProviderDetail[] => found.getProviders();
export const onWallets = (listener: () => void): (() => void) => found.subscribe(listener);

/** A stranger's picture, if it is one: shown as <img> only, where nothing in it runs. */
export const safeIcon = (icon: unknown): string | undefined => (typeof icon === 'string' && /^data:image\/[a-z0-9.+-]+[;,]/i.test(icon) ? icon : undefined);

const providerOf = (detail: OwnWallet): Provider => detail.provider as Provider;

async function ask(provider: Provider, method: string, params?: unknown): Promise<unknown> {
  try {
    return await provider.request({ method, ...(params === undefined ? {} : { params }) });
  } catch (error) {
    throw explainWallet(error);
  }
}

/** Asks the wallet for its accounts, which opens it, and remembers it. Throws `REJECTED` where its owner refused. */
export async function connectWallet(detail: OwnWallet): Promise<void> {
  const accounts = addresses(await ask(providerOf(detail), 'eth_requestAccounts'));
  const [address] = accounts;
  if (!address) throw new NeuroError(t`Your wallet shows this page no account.`, { code: 'CONFLICT', remedy: t`Choose one in the wallet, and connect again.` });
  const { rdns } = detail.info;
  session?.stop();
  const mine: Session = { rdns, detail, stop: () => undefined };
  session = mine;
  const before = readChoice();
  writeChoice({ rdns, address });
  leaveWalletConnect(before);
  setInjected({ rdns, state: 'looking' });
  await listen(mine, detail, accounts);
}

/** Takes the remembered wallet up without opening it; lets go of one that is not remembered any more. */
export async function resumeWallet(): Promise<void> {
  const choice = readChoice();
  const rdns = choice && 'rdns' in choice ? choice.rdns : undefined;
  if (session?.rdns === rdns) return;
  session?.stop();
  if (rdns === undefined) {
    session = undefined;
    setInjected(undefined);
    return;
  }
  const mine: Session = { rdns, detail: undefined, stop: () => undefined };
  session = mine;
  setInjected({ rdns, state: 'looking' });
  try {
    const detail = rdns === WALLET_CONNECT ? await taken(mine) : (found.findProvider({ rdns }) ?? (await announced(mine)));
    if (!detail || session !== mine) return;
    await listen(mine, detail, addresses(await ask(providerOf(detail), 'eth_accounts')));
  } catch {
    if (session === mine) setInjected({ rdns, state: 'lost' });
  }
}

/** The session of WalletConnect that this browser keeps, if its wallet has not ended it since. */
async function taken(mine: Session): Promise<OwnWallet | undefined> {
  const { takeSession } = await import('./walletConnect.ts');
  const detail = await takeSession();
  if (!detail && session === mine) setInjected({ rdns: mine.rdns, state: 'ended' });
  return detail;
}

function announced(mine: Session): Promise<OwnWallet | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => setInjected({ rdns: mine.rdns, state: 'missing' }), PATIENCE_MS);
    const leave = found.subscribe(() => {
      const detail = found.findProvider({ rdns: mine.rdns });
      if (detail) end(detail);
    });
    const end = (detail: OwnWallet | undefined): void => {
      clearTimeout(timer);
      leave();
      resolve(detail);
    };
    mine.stop = () => end(undefined);
  });
}

function addresses(accounts: unknown): Address[] {
  return Array.isArray(accounts) ? accounts.map((account) => getAddress(String(account))) : [];
}

/** Follows the wallet: its accounts, its network, its connection. */
async function listen(mine: Session, detail: OwnWallet, accounts: Address[]): Promise<void> {
  const provider = providerOf(detail);
  const { info: { rdns, name } } = detail;
  mine.detail = detail;
  const icon = safeIcon(detail.info.icon);
  let now: InjectedState = { rdns, state: 'looking' };
  const set = (news: Partial<InjectedState>): void => {
    if (session !== mine) return;
    now = { ...now, ...news };
    setInjected(now);
  };
  const show = ([address]: Address[]): void => {
    const { wallet: _, ...rest } = now;
    now = rest;
    set(address ? { state: 'ready', wallet: { address, name, role: t`Your own wallet`, rdns, icon } } : { state: 'locked' });
  };
  // What was asked before may be answered after what was told since.
  let told = false;
  const handlers: [string, (value: never) => void][] = [
    ['accountsChanged', ((value: unknown) => {
      told = true;
      const list = addresses(value);
      show(list);
      if (list[0] && session === mine) writeChoice({ rdns, address: list[0] });
    })],
    ['chainChanged', (value: unknown) => set({ chainId: Number(value) })],
    ['disconnect', () => {
      if (rdns !== WALLET_CONNECT) return set({ state: 'lost' });
      mine.detail = undefined;
      show([]);
      set({ state: 'ended' });
    }],
    ['connect', () => void ask(provider, 'eth_accounts').then((value) => show(addresses(value)), () => undefined)],
  ];
  for (const [event, handler] of handlers) provider.on?.(event, handler);
  mine.stop = () => { for (const [event, handler] of handlers) provider.removeListener?.(event, handler); };
  const chainId = Number(await ask(provider, 'eth_chainId'));
  set({ chainId });
  if (!told) show(accounts);
}

/** The chosen wallet's provider, looked up for each request: it may be there later than who asks. */
export function providerFor(rdns: string): WalletProvider {
  return {
    request: (parameters) => {
      const detail = session?.rdns === rdns ? session.detail : found.findProvider({ rdns });
      if (!detail && rdns === WALLET_CONNECT) return Promise.reject(new NeuroError(t`Your wallet has ended the connection.`, { code: 'CONFLICT', remedy: t`Connect it again with the wallet button.` }));
      if (!detail) return Promise.reject(new NeuroError(t`The wallet that you chose is not in this browser.`, { code: 'NOT_FOUND', remedy: t`Switch it on, or choose another one with the wallet button.` }));
      return providerOf(detail).request(parameters);
    },
  };
}

/** Asks the wallet to go to the market's chain, and gives it the node's address for it where it does not know it or has another one. */
export async function switchNetwork(config: Config): Promise<void> {
  const rdns = readInjected()?.rdns;
  if (rdns === undefined) return;
  const provider = providerFor(rdns) as Provider;
  const chainId = `0x${config.deployment.chainId.toString(16)}`;
  const isThere = Number(await ask(provider, 'eth_chainId')) === config.deployment.chainId;
  try {
    if (isThere) await addNetwork(provider, config);
    else await provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId }] });
  } catch (error) {
    if (!walletCodes(error).includes(4902)) throw explainWallet(error);
    await addNetwork(provider, config);
    // Some wallets add without switching.
    if (Number(await ask(provider, 'eth_chainId')) !== config.deployment.chainId) await ask(provider, 'wallet_switchEthereumChain', [{ chainId }]);
  }
  setInjected({ ...(readInjected() ?? { rdns, state: 'ready' }), chainId: Number(await ask(provider, 'eth_chainId')) });
}

async function addNetwork(provider: Provider, config: Config): Promise<void> {
  const { chainId } = config.deployment;
  await ask(provider, 'wallet_addEthereumChain', [{
    chainId: `0x${chainId.toString(16)}`, chainName: config.demo ? `NeuroData demo (${chainId})` : `NeuroData (${chainId})`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 }, rpcUrls: [new URL(config.rpcUrl, `${nodeUrl}/`).href],
  }]);
}
