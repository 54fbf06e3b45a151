import { NeuroError } from '@neurodata/protocol';
import { type WalletProvider, explainWallet } from '@neurodata/sdk';
import { SignClient } from '@walletconnect/sign-client';
import { type Address, type Hex, getAddress, isAddress, numberToHex } from 'viem';
import { t } from '../language/t.ts';
import { api } from './api.ts';
import { type OwnWallet, WALLET_CONNECT } from './walletChoice.ts';

type Client = Awaited<ReturnType<typeof SignClient.init>>;
type Session = ReturnType<Client['session']['get']>;
type Listener = (value: never) => void;

/** What the wallet is asked to do for this page; reads go to the node. */
const METHODS = ['eth_sendTransaction', 'personal_sign', 'eth_signTypedData_v4', 'wallet_addEthereumChain'];
const EVENTS = ['accountsChanged', 'chainChanged'];
/** How long the relay may take to answer when a pairing begins. */
const RELAY_MS = 20_000;
/** How long a wallet that agreed to a network may take to put it into the session. */
const ADDED_MS = 10_000;

let opened: Promise<Client> | undefined;

function openClient(): Promise<Client> {
  opened ??= open().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function open(): Promise<Client> {
  const { walletConnect } = await api.getConfig();
  if (!walletConnect) throw new NeuroError(t`This node offers no WalletConnect.`, { code: 'NOT_FOUND', remedy: t`Use a wallet of this browser.` });
  const client = await SignClient.init({
    ...walletConnect, telemetryEnabled: false, logger: 'silent',
    metadata: { name: 'NeuroData', description: t`A marketplace for datasets and models`, url: location.origin, icons: [] },
  });
  const { relayer, verify } = client.core;
  // A frame of its makers would be told of every question to the wallet.
  verify.register = async () => '';
  // The relay would be told in the clear which contract a transaction calls.
  const publish = relayer.publish.bind(relayer);
  relayer.publish = (topic, message, options = {}) => {
    delete options.tvf;
    return publish(topic, message, options);
  };
  return client;
}

/** A pairing that waits for a wallet. */
export type Pairing = {
  /** What the wallet is shown or told: `wc:...`. Whoever has it can answer in the wallet's stead. */
  uri: string;
  /** Throws `REJECTED` where the owner refused, `TIMEOUT` where nobody answered within five minutes. */
  wallet: Promise<OwnWallet>;
  /** Takes the question back. */
  cancel(): void;
};

/** Asks for a session with a wallet on another device. Throws `UNREACHABLE` where the relay does not answer. */
export async function pair(): Promise<Pairing> {
  const client = await inTime(openClient());
  const market = await marketChain();
  // A wallet that does not know the market's network can connect with the one that all know, and be told of it then.
  const chains = [...new Set([market, 1])].map((id) => `eip155:${id}`);
  const { uri, approval } = await inTime(client.connect({ optionalNamespaces: { eip155: { chains, methods: METHODS, events: EVENTS } } }));
  if (uri === undefined) throw new NeuroError(t`The relay of WalletConnect does not answer.`, { code: 'INTERNAL' });
  let cancelled = false;
  const settle = async (): Promise<OwnWallet> => {
    const session = await approval().catch((error: unknown) => { throw explained(error); });
    // What nobody waits for any more, or shows no account, is not kept.
    if (cancelled || grantedBy(session).length === 0) await endSession(client, session.topic);
    else await endSessions(session.topic);
    return walletOf(client, session, market);
  };
  const wallet = settle();
  wallet.catch(() => undefined);
  const topic = uri.slice('wc:'.length, uri.indexOf('@'));
  return { uri, wallet, cancel: () => {
    cancelled = true;
    client.core.pairing.disconnect({ topic }).catch(() => undefined);
  } };
}

/** The session that this browser keeps, if there is one still. */
export async function takeSession(): Promise<OwnWallet | undefined> {
  const client = await openClient();
  const session = client.session.getAll().findLast(({ expiry }) => expiry * 1_000 > Date.now());
  return session && walletOf(client, session, await marketChain());
}

/** Ends all sessions but one: their wallets are told, if the relay can be reached. */
export async function endSessions(but?: string): Promise<void> {
  const client = await openClient();
  await Promise.all(client.session.getAll().filter(({ topic }) => topic !== but).map(({ topic }) => endSession(client, topic)));
}

async function endSession(client: Client, topic: string): Promise<void> {
  const reason = { code: 6000, message: 'User disconnected.' };
  try {
    await client.disconnect({ topic, reason });
  } catch {
    // Here it is forgotten all the same.
    await client.session.delete(topic, reason).catch(() => undefined);
  }
}

const marketChain = async (): Promise<number> => (await api.getConfig()).deployment.chainId;

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NeuroError(t`The relay of WalletConnect does not answer.`, { code: 'UNREACHABLE', remedy: t`See that you are online, and try again; or use a wallet of this browser.`, retryable: true })), RELAY_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Errors of WalletConnect, which are no `Error`s where a wallet made them, in words. */
function explained(error: unknown): unknown {
  const { message = '', code } = (typeof error === 'object' && error !== null ? error : {}) as { message?: string; code?: unknown };
  if (/expired/i.test(message)) return new NeuroError(t`Your wallet has not answered within five minutes.`, { code: 'TIMEOUT', remedy: t`Try again, and answer there.`, retryable: true, cause: error });
  if (/failed to publish|no internet|socket/i.test(message)) return new NeuroError(t`The relay of WalletConnect does not answer.`, { code: 'UNREACHABLE', remedy: t`See that you are online, and try again; or use a wallet of this browser.`, retryable: true, cause: error });
  if (code === 6000) return new NeuroError(t`Your wallet has ended the connection.`, { code: 'CONFLICT', remedy: t`Connect it again with the wallet button.`, cause: error });
  return explainWallet(error instanceof Error ? error : Object.assign(new Error(message), { code }));
}

function walletOf(client: Client, session: Session, market: number): OwnWallet {
  const { name } = session.peer.metadata;
  return { info: { rdns: WALLET_CONNECT, name: name.trim() || 'WalletConnect' }, provider: providerOf(client, session.topic, market) };
}

type Provider = WalletProvider & { on: (event: string, listener: Listener) => void; removeListener: (event: string, listener: Listener) => void };

/** Networks and accounts of a session, by its CAIP-10 names: `eip155:1:0x...`. */
const grantedBy = ({ namespaces }: Session): { chainId: number; address: Address }[] =>
  Object.values(namespaces).flatMap(({ accounts }) => accounts).flatMap((account) => {
    const [space, chain, address] = account.split(':');
    return space === 'eip155' && address && isAddress(address, { strict: false }) ? [{ chainId: Number(chain), address: getAddress(address) }] : [];
  });

/** The session as a provider (EIP-1193). It is on the market's network where its wallet has granted that, since every question names its network; else on the first that it has granted. */
function providerOf(client: Client, topic: string, market: number): Provider {
  const listeners = new Map<string, Set<Listener>>();
  const emit = (event: string, value: unknown): void => { for (const listener of listeners.get(event) ?? []) (listener as (value: unknown) => void)(value); };
  /** Which of its accounts the wallet shows, where it has said so. */
  let shown: string | undefined;
  const standing = (): { chainId: number; accounts: Address[] } => {
    const granted = client.session.keys.includes(topic) ? grantedBy(client.session.get(topic)) : [];
    const chainId = (granted.find((one) => one.chainId === market) ?? granted[0])?.chainId ?? market;
    const accounts = [...new Set(granted.filter((one) => one.chainId === chainId).map(({ address }) => address))];
    return { chainId, accounts: accounts.toSorted((a, b) => Number(b === shown) - Number(a === shown)) };
  };
  let told = standing();
  const tell = (): void => {
    const now = standing();
    const before = told;
    told = now;
    if (now.chainId !== before.chainId) emit('chainChanged', numberToHex(now.chainId));
    if (now.accounts.join() !== before.accounts.join()) emit('accountsChanged', now.accounts);
  };
  client.on('session_update', (event) => { if (event.topic === topic) tell(); });
  client.on('session_event', ({ topic: of, params: { event } }) => {
    const [first] = Array.isArray(event.data) ? event.data : [];
    if (of !== topic || event.name !== 'accountsChanged' || typeof first !== 'string') return;
    shown = grantedBy(client.session.get(topic)).find(({ address }) => first.toLowerCase().endsWith(address.toLowerCase()))?.address;
    tell();
  });
  for (const event of ['session_delete', 'session_expire'] as const) client.on(event, ({ topic: of }) => { if (of === topic) emit('disconnect', undefined); });

  const ask = async (method: string, params: unknown): Promise<unknown> => {
    if (!Object.values(client.session.get(topic).namespaces).some(({ methods }) => methods.includes(method))) throw Object.assign(new Error(`${method} is not part of the session`), { code: 4200 });
    return client.request<unknown>({ topic, chainId: `eip155:${standing().chainId}`, request: { method, params } }).catch((error: unknown) => { throw explained(error); });
  };
  /** The wallet is told of a network, and puts it into the session if it takes it. */
  const addNetwork = async (params: unknown): Promise<null> => {
    const [{ chainId }] = params as [{ chainId: Hex }];
    await ask('wallet_addEthereumChain', params);
    for (const end = performance.now() + ADDED_MS; standing().chainId !== Number(chainId);) {
      if (performance.now() > end) throw new NeuroError(t`Your wallet has not put network ${Number(chainId)} into the connection.`, { code: 'WRONG_CHAIN', remedy: t`Disconnect here with the wallet button and connect it again: it is then asked for that network.` });
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    return null;
  };
  return {
    request: async ({ method, params }) => {
      switch (method) {
        case 'eth_accounts': case 'eth_requestAccounts': return standing().accounts;
        case 'eth_chainId': return numberToHex(standing().chainId);
        // Nothing is switched: a network is in the session, or has to come into it.
        case 'wallet_switchEthereumChain': if (standing().chainId === Number((params as [{ chainId: Hex }])[0].chainId)) return null; throw Object.assign(new Error('not in the session'), { code: 4902 });
        case 'wallet_addEthereumChain': return addNetwork(params);
        default: return ask(method, params);
      }
    },
    on: (event, listener) => { listeners.set(event, (listeners.get(event) ?? new Set()).add(listener)); },
    removeListener: (event, listener) => { listeners.get(event)?.delete(listener); },
  };
}
