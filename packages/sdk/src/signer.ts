import type { Address, Hex, LocalAccount } from 'viem';

/** A wallet that keeps its key to itself: it asks its owner, signs, and sends its own transactions. `walletAccount` makes one. */
export type WalletAccount = Pick<LocalAccount, 'address' | 'signMessage' | 'signTypedData'> & {
  type: 'wallet';
  /** Gives the hash once the owner agreed and the wallet has sent it. Throws `REJECTED` where the owner refused. */
  sendTransaction(transaction: { to: Address; data: Hex; gas: bigint }): Promise<Hex>;
};

/** Who acts: an account whose key this process holds, or a wallet that is asked each time. */
export type Signer = LocalAccount | WalletAccount;

/** Typed data as people read it: what signing it does, for whom it counts, and each field by its name. */
export type ReadableData = { sentence: string; domain: [name: string, value: string][]; fields: [name: string, value: string][] };

/**
 * One thing that is signed, and how it stands. Typed data: `asked`, then `signed`. Transactions: `asked`, `sent`, then `confirmed`
 * in a block, or `replaced` by another one of the same account. Either may be `rejected` by its owner, or have `failed`.
 */
export type Signing = {
  id: string;
  kind: 'transaction' | 'data';
  account: Address;
  sentence: string;
  state: 'asked' | 'signed' | 'sent' | 'confirmed' | 'replaced' | 'rejected' | 'failed';
  data?: ReadableData;
  hash?: Hex;
  block?: number;
  /** It was sent again with another fee, and this is the copy that counted. */
  repriced?: boolean;
  failure?: { message: string; remedy?: string; details?: string };
};

/** Is told of everything that is signed, before and after. */
export type OnSigning = (signing: Signing) => void;
