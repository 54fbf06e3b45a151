import type { Hex, TransactionReceipt } from 'viem';

/** Gas of one kind of call and the transaction to look into when a target is missed. */
export type Measured = { gas: number; hash?: Hex };

export const of = (receipt: TransactionReceipt, shares = 1): Measured => ({ gas: Math.round(Number(receipt.gasUsed) / shares), hash: receipt.transactionHash });
