import { SignClient } from '@walletconnect/sign-client';
import { type Address, type Hex, type LocalAccount, createWalletClient, http, isAddressEqual } from 'viem';

/** A wallet on another device: it has nothing of the page but what comes by the relay. */
export type PhoneWallet = {
  /** Networks that it knows, by number, with their addresses; a session is granted those alone that it knows. */
  known: Map<number, string>;
  /** Whether its owner says no. */
  refuses: boolean;
  /** What it was asked that its owner sees, in order. */
  asked: { method: string; chainId: string; params: readonly unknown[] }[];
  /** What it was shown of who asks. */
  peers: string[];
  /** How many sessions it has. */
  sessions(): number;
  /** Reads the address of a pairing. */
  scan(uri: string): Promise<void>;
  /** Its owner shows another of its accounts. */
  show(address: Address): Promise<void>;
  /** Its owner ends all sessions. */
  end(): Promise<void>;
  stop(): Promise<void>;
};

const refused = { code: 5000, message: 'User rejected.' };

/** Starts the wallet; it signs for real. */
export async function startPhoneWallet({ relayUrl, accounts, name }: { relayUrl: string; accounts: LocalAccount[]; name: string }): Promise<PhoneWallet> {
  const client = await SignClient.init({ projectId: 'phone', relayUrl, telemetryEnabled: false, logger: 'silent', customStoragePrefix: name, metadata: { name, description: '', url: 'https://wallet.example', icons: ['https://wallet.example/icon.png'] } });
  client.core.verify.resolve = async () => undefined as never;
  const wallet: PhoneWallet = {
    known: new Map(), refuses: false, asked: [], peers: [],
    sessions: () => client.session.length,
    scan: (uri) => client.pair({ uri }).then(() => undefined),
    show: async (address) => {
      await Promise.all(client.session.getAll().map(({ topic, namespaces }) => client.emit({ topic, event: { name: 'accountsChanged', data: [address] }, chainId: namespaces['eip155']?.chains?.[0] ?? '' })));
    },
    end: async () => { await Promise.all(client.session.getAll().map(({ topic }) => client.disconnect({ topic, reason: { code: 6000, message: 'User disconnected.' } }))); },
    stop: () => client.core.relayer.transportClose(),
  };
  const granted = (methods: string[], events: string[]) => {
    const chains = [...wallet.known.keys()].map((id) => `eip155:${id}`);
    return { eip155: { chains, accounts: chains.flatMap((chain) => accounts.map(({ address }) => `${chain}:${address}`)), methods, events } };
  };
  const ownerOf = (address: unknown): LocalAccount => accounts.find((one) => isAddressEqual(one.address, address as Address))!;
  const own: Record<string, (params: readonly unknown[], chainId: string, topic: string) => unknown> = {
    personal_sign: ([raw, address]) => ownerOf(address).signMessage({ message: { raw: raw as Hex } }),
    eth_signTypedData_v4: ([address, typed]) => ownerOf(address).signTypedData(JSON.parse(String(typed)) as Parameters<LocalAccount['signTypedData']>[0]),
    eth_sendTransaction: ([transaction], chainId) => {
      const { from, to, data, gas } = transaction as Record<'from' | 'to' | 'data' | 'gas', Hex>;
      return createWalletClient({ account: ownerOf(from), transport: http(wallet.known.get(Number(chainId.slice('eip155:'.length)))) }).sendTransaction({ to, data, gas: BigInt(gas), chain: null });
    },
    wallet_addEthereumChain: async ([network], _, topic) => {
      const { chainId, rpcUrls } = network as { chainId: Hex; rpcUrls: string[] };
      wallet.known.set(Number(chainId), rpcUrls[0] ?? '');
      const { methods = [], events = [] } = client.session.get(topic).namespaces['eip155'] ?? {};
      await client.update({ topic, namespaces: granted(methods, events) });
      return null;
    },
  };
  client.on('session_proposal', ({ id, params: { optionalNamespaces, proposer } }) => {
    wallet.peers.push(proposer.metadata.url);
    const { methods = [], events = [] } = optionalNamespaces['eip155'] ?? {};
    void (wallet.refuses ? client.reject({ id, reason: refused }) : client.approve({ id, namespaces: granted(methods, events) }));
  });
  client.on('session_request', ({ id, topic, params: { request: { method, params }, chainId } }) => {
    wallet.asked.push({ method, chainId, params: params as readonly unknown[] });
    const answer = async (): Promise<object> => {
      if (wallet.refuses) return { error: refused };
      try {
        return { result: await own[method]?.(params as readonly unknown[], chainId, topic) };
      } catch (error) {
        return { error: { code: -32000, message: String(error) } };
      }
    };
    void answer().then((said) => client.respond({ topic, response: { id, jsonrpc: '2.0', ...said } as Parameters<typeof client.respond>[0]['response'] }));
  });
  return wallet;
}
