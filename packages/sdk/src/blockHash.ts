import { type Hex, keccak256, toRlp } from 'viem';

/** A block's header as the RPC gives it; fields that came with later forks are absent in older blocks. */
export type BlockHeader = {
  parentHash: Hex; sha3Uncles: Hex; miner: Hex; stateRoot: Hex; transactionsRoot: Hex; receiptsRoot: Hex; logsBloom: Hex; difficulty: Hex; number: Hex; gasLimit: Hex; gasUsed: Hex; timestamp: Hex; extraData: Hex; mixHash: Hex; nonce: Hex;
  baseFeePerGas?: Hex | undefined; withdrawalsRoot?: Hex | undefined; blobGasUsed?: Hex | undefined; excessBlobGas?: Hex | undefined; parentBeaconBlockRoot?: Hex | undefined; requestsHash?: Hex | undefined;
};

/** Fields in the order in which they are hashed, and whether they are numbers, which RLP writes without leading zeros. */
const fields: [keyof BlockHeader, 'bytes' | 'number'][] = [
  ['parentHash', 'bytes'], ['sha3Uncles', 'bytes'], ['miner', 'bytes'], ['stateRoot', 'bytes'], ['transactionsRoot', 'bytes'], ['receiptsRoot', 'bytes'], ['logsBloom', 'bytes'], ['difficulty', 'number'], ['number', 'number'], ['gasLimit', 'number'],
  ['gasUsed', 'number'], ['timestamp', 'number'], ['extraData', 'bytes'], ['mixHash', 'bytes'], ['nonce', 'bytes'],
  ['baseFeePerGas', 'number'], ['withdrawalsRoot', 'bytes'], ['blobGasUsed', 'number'], ['excessBlobGas', 'number'], ['parentBeaconBlockRoot', 'bytes'], ['requestsHash', 'bytes'],
];

/**
 * The hash of a block: keccak256 of the RLP of its header (yellow paper, 4.4; EIP-1559, 4895, 4844, 4788 and 7685 appended
 * fields). A fork that appends more than these gives another hash, so that this never says "same" of what it did not hash.
 */
export function blockHash(header: BlockHeader): Hex {
  const parts = fields.flatMap(([name, form]): Hex[] => {
    const value = header[name];
    if (value === undefined) return [];
    return [form === 'number' ? trimmed(value) : value];
  });
  return keccak256(toRlp(parts));
}

function trimmed(value: Hex): Hex {
  const digits = value.slice(2).replace(/^0+/, '');
  return digits === '' ? '0x' : `0x${digits.length % 2 === 1 ? '0' : ''}${digits}`;
}
