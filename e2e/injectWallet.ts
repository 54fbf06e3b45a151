import type { Page } from 'playwright-core';
import { type Hex, type LocalAccount, createWalletClient, http, toHex } from 'viem';

/** A wallet of the user's own, as an extension puts it into pages: its keys are here, in another process than the page. */
export type TestWallet = {
  /** Who it shows. */
  account: LocalAccount;
  chainId: number;
  /** Networks that it knows, by number, with their addresses. */
  known: Map<number, string>;
  /** Whether it signs as contracts do: with more than a contract that checks ECDSA understands. */
  isContract: boolean;
  /** Whether its owner says no, to everything or to one method. */
  refuses: boolean | string;
  /** What it was asked that its owner sees, in order. */
  asked: { method: string; params: readonly unknown[] }[];
  /** Tells all pages of a change, as wallets do. */
  emit(event: 'accountsChanged' | 'chainChanged' | 'disconnect' | 'connect', value: unknown): Promise<void>;
};

const failure = (code: number, message: string): Error & { code: number } => Object.assign(new Error(message), { code });

/** Puts the wallet into every page of this page's browser context, announced as EIP-6963 says. */
export async function injectWallet(parameters: { page: Page; account: LocalAccount; chainId: number; name: string }): Promise<TestWallet> {
  const { page, name } = parameters;
  const context = page.context();
  let isConnected = false;
  const wallet: TestWallet = {
    account: parameters.account, chainId: parameters.chainId, known: new Map(), isContract: false, refuses: false, asked: [],
    emit: async (event, value) => {
      await Promise.all(context.pages().map((one) => one.evaluate(([event, value]) => (globalThis as unknown as { tellWallet: (event: unknown, value: unknown) => void }).tellWallet(event, value), [event, value] as const)));
    },
  };
  const own = {
    eth_requestAccounts: () => { isConnected = true; return [wallet.account.address.toLowerCase()]; },
    wallet_switchEthereumChain: async ([{ chainId }]: readonly [{ chainId: Hex }]) => {
      if (!wallet.known.has(Number(chainId))) throw failure(4902, 'Unrecognized chain ID.');
      wallet.chainId = Number(chainId);
      await wallet.emit('chainChanged', chainId);
      return null;
    },
    wallet_addEthereumChain: ([{ chainId, rpcUrls }]: readonly [{ chainId: Hex; rpcUrls: string[] }]) => { wallet.known.set(Number(chainId), rpcUrls[0] ?? ''); return null; },
    personal_sign: ([raw]: readonly Hex[]) => wallet.account.signMessage({ message: { raw: raw! } }),
    eth_signTypedData_v4: async ([, typed]: readonly string[]) => `${await wallet.account.signTypedData(JSON.parse(typed!) as Parameters<LocalAccount['signTypedData']>[0])}${wallet.isContract ? '00'.repeat(32) : ''}`,
    eth_sendTransaction: ([{ to, data, gas }]: readonly [{ to: Hex; data: Hex; gas: Hex }]) =>
      createWalletClient({ account: wallet.account, transport: http(wallet.known.get(wallet.chainId)) }).sendTransaction({ to, data, gas: BigInt(gas), chain: null }),
  } as unknown as Record<string, (params: readonly unknown[]) => unknown>;
  const answer = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    if (method === 'eth_accounts') return isConnected ? [wallet.account.address.toLowerCase()] : [];
    if (method === 'eth_chainId') return toHex(wallet.chainId);
    const act = own[method];
    if (act) {
      wallet.asked.push({ method, params });
      if (wallet.refuses === true || wallet.refuses === method) throw failure(4001, 'User rejected the request.');
      return act(params);
    }
    const response = await fetch(wallet.known.get(wallet.chainId)!, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
    return ((await response.json()) as { result: unknown }).result;
  };
  await context.exposeFunction('askWallet', async (method: string, params: readonly unknown[]) => {
    try {
      return { result: await answer(method, params) };
    } catch (error) {
      return { error: { message: String(error), code: (error as { code?: number }).code ?? -32603 } };
    }
  });
  await context.addInitScript(announce, name);
  return wallet;
}

/** Runs in the page, before anything else does. */
function announce(name: string): void {
  type Listener = (value: unknown) => void;
  const scope = globalThis as unknown as { askWallet: (method: string, params: unknown) => Promise<{ result?: unknown; error?: { message: string; code: number } }>; tellWallet: (event: string, value: unknown) => void };
  const listeners = new Map<string, Set<Listener>>();
  scope.tellWallet = (event, value) => { for (const listener of listeners.get(event) ?? []) listener(value); };
  const provider = {
    request: async ({ method, params = [] }: { method: string; params?: unknown }) => {
      const { result, error } = await scope.askWallet(method, params);
      if (error) throw Object.assign(new Error(error.message), { code: error.code });
      return result;
    },
    on: (event: string, listener: Listener) => { listeners.set(event, (listeners.get(event) ?? new Set()).add(listener)); },
    removeListener: (event: string, listener: Listener) => { listeners.get(event)?.delete(listener); },
  };
  // A picture that would run a script, were it put into the page.
  const icon = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><script>parent.hacked = 1; globalThis.hacked = 1</script><rect width="8" height="8" fill="teal"/></svg>')}`;
  const detail = Object.freeze({ info: Object.freeze({ uuid: '350670db-19fa-4704-a166-e52e178b59d2', name, icon, rdns: 'org.example.wallet' }), provider });
  const tell = (): void => { dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail })); };
  addEventListener('eip6963:requestProvider', tell);
  tell();
}
