import type { AddressInfo } from 'node:net';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';

/** What somebody handed the relay for others: all that it learns of a message. */
export type Published = { from: string; params: Record<string, unknown> };

/** A relay as WalletConnect's clients speak to it: it passes messages to whoever asks for their topic, and keeps those for which nobody has asked yet. */
export type WalletRelay = { url: string; published: Published[]; stop(): Promise<void> };

type Question = { id: number; method?: string; params?: { topic?: string; topics?: string[]; message?: string } };
type Listener = { who: string; tell: (topic: string, message: string) => void };

/** Who speaks: the issuer (`did:key:...`) of the credential in the address. Nobody is kept out here. */
function issuerOf(address: string | undefined): string {
  const credential = new URL(address ?? '/', 'ws://relay').searchParams.get('auth') ?? '';
  return (JSON.parse(Buffer.from(credential.split('.')[1] ?? '', 'base64url').toString()) as { iss: string }).iss;
}

export async function startWalletRelay(): Promise<WalletRelay> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => { server.once('listening', resolve); });
  const topics = new Map<string, Set<Listener>>();
  const kept = new Map<string, { from: string; message: string }[]>();
  const published: Published[] = [];

  const subscribe = (topic: string, listener: Listener): string => {
    topics.set(topic, (topics.get(topic) ?? new Set()).add(listener));
    const waiting = kept.get(topic) ?? [];
    kept.set(topic, waiting.filter(({ from }) => from === listener.who));
    for (const { from, message } of waiting) if (from !== listener.who) listener.tell(topic, message);
    return `${topic} ${listener.who}`;
  };
  const publish = (topic: string, message: string, from: string): true => {
    const others = [...(topics.get(topic) ?? [])].filter(({ who }) => who !== from);
    for (const { tell } of others) tell(topic, message);
    if (others.length === 0) kept.set(topic, [...(kept.get(topic) ?? []), { from, message }]);
    return true;
  };
  const answer = (method: string, params: NonNullable<Question['params']>, listener: Listener): unknown => {
    const { topic = '', message = '' } = params;
    switch (method) {
      case 'irn_publish':
        published.push({ from: listener.who, params });
        return publish(topic, message, listener.who);
      case 'irn_subscribe': return subscribe(topic, listener);
      case 'irn_batchSubscribe': return (params.topics ?? []).map((one) => subscribe(one, listener));
      case 'irn_unsubscribe': return topics.get(topic)?.delete(listener) ?? false;
      case 'irn_fetchMessages': case 'irn_batchFetchMessages': return { messages: [], hasMore: false };
      default: throw new Error(`the relay knows no ${method}`);
    }
  };
  server.on('connection', (socket: WebSocket, request) => {
    let count = 0;
    const say = (value: object): void => socket.send(JSON.stringify({ jsonrpc: '2.0', ...value }));
    const listener: Listener = {
      who: issuerOf(request.url),
      tell: (topic, message) => say({ id: Date.now() * 1_000 + (count += 1), method: 'irn_subscription', params: { id: `${topic} ${listener.who}`, data: { topic, message, publishedAt: Date.now(), tag: 0 } } }),
    };
    socket.on('message', (data: RawData) => {
      const { id, method, params = {} } = JSON.parse(String(data)) as Question;
      // What has no method is a receipt.
      if (method !== undefined) say({ id, result: answer(method, params, listener) });
    });
    socket.on('close', () => { for (const listeners of topics.values()) listeners.delete(listener); });
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, published,
    stop: async () => {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}
