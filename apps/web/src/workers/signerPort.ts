import { type ErrorCode, NeuroError } from '@neurodata/protocol';
import type { OnSigning, Signing, WalletAccount } from '@neurodata/sdk';
import type { Address, Hex, LocalAccount } from 'viem';

/** A worker has no wallet and no page to show anything on: it asks the page through a port. */
type FromWorker = { tell: Signing } | { id: number; method: 'signMessage' | 'signTypedData' | 'sendTransaction'; input: unknown };
type ToWorker = { id: number; result: Hex } | { id: number; failure: { message: string; code: ErrorCode; remedy?: string | undefined; details?: string | undefined } };

/** The page's side: shows what is signed, and asks the wallet if there is one. Gives the worker's end of the port. */
export function serveSigner({ onSigning, account }: { onSigning: OnSigning; account?: WalletAccount | undefined }): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if ('tell' in data) {
      onSigning(data.tell);
      return;
    }
    const { id, method, input } = data;
    const answer = (reply: ToWorker): void => port1.postMessage(reply);
    const asked: Promise<Hex> = account ? (account[method] as (input: unknown) => Promise<Hex>)(input) : Promise.reject(new Error('No wallet is connected.'));
    asked.then((result) => answer({ id, result }), (error: unknown) => {
      const { message, code, remedy, details } = error instanceof NeuroError ? error : new NeuroError(error instanceof Error ? error.message : String(error), { code: 'INTERNAL' });
      answer({ id, failure: { message: remedy && message.endsWith(remedy) ? message.slice(0, -remedy.length).trimEnd() : message, code, remedy, details } });
    });
  });
  port1.start();
  return port2;
}

/** The worker's side: tells the page how a signature stands. */
export const tellThrough = (port: MessagePort): OnSigning => (signing) => port.postMessage({ tell: signing } satisfies FromWorker);

/** The worker's side: the page's wallet. */
export function portAccount(port: MessagePort, address: Address): WalletAccount {
  const waiting = new Map<number, { resolve: (result: Hex) => void; reject: (error: unknown) => void }>();
  let last = 0;
  port.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
    const waits = waiting.get(data.id);
    waiting.delete(data.id);
    if ('result' in data) waits?.resolve(data.result);
    else {
      const { message, code, remedy, details } = data.failure;
      waits?.reject(new NeuroError(message, { code, ...(remedy ? { remedy } : {}), ...(details ? { details } : {}) }));
    }
  });
  port.start();
  const ask = (method: Extract<FromWorker, { id: number }>['method'], input: unknown): Promise<Hex> => new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    port.postMessage({ id: last, method, input } satisfies FromWorker);
  });
  return {
    type: 'wallet', address,
    signMessage: (input) => ask('signMessage', input),
    signTypedData: ((input: unknown) => ask('signTypedData', input)) as LocalAccount['signTypedData'],
    sendTransaction: (input) => ask('sendTransaction', input),
  };
}
