import { createPublicClient, custom, encodeAbiParameters, encodeEventTopics, getAbiItem, keccak256, numberToHex, pad, toHex } from 'viem';
import type { Abi, AbiEvent, Address, Hex, PublicClient } from 'viem';
import type { Deployment } from '@neurodata/protocol';
import { abis, contractNames } from '../contracts.ts';
import type { ContractName } from '../contracts.ts';
import { createStories } from './stories.ts';
import type { Told } from './stories.ts';


type Log = { address: Address; topics: Hex[]; data: Hex; blockNumber: Hex; blockHash: Hex; transactionHash: Hex; transactionIndex: Hex; logIndex: Hex; removed: false };
type Block = { number: number; hash: Hex; parent: Hex; timestamp: number; logs: Log[]; receipts: Map<Hex, object> };

export type GeneratedChain = {
  deployment: Deployment;
  publicClient: PublicClient;
  /** What an RPC server answers, for one that listens elsewhere. */
  request(call: { method: string; params?: unknown }): Promise<unknown>;
  /** Adds blocks, each with about so many transactions. */
  grow(blocks: number, transactions: number): void;
  /** Takes the newest blocks away and puts as many others and one more in their place. */
  reorganise(depth: number, transactions: number): void;
  head(): { number: number; hash: Hex };
  countEvents(): number;
};

const bloom: Hex = `0x${'00'.repeat(256)}`;
const zero = pad('0x0');
const start = 1_700_000_000;

/**
 * A chain that never was: blocks, receipts and logs of made-up sales as a server's JSON-RPC would say them, the same for the
 * same seed. For whoever needs more events than an EVM makes in the time, or a history that is rewritten often.
 */
export function generateChain({ seed }: { seed: number }): GeneratedChain {
  const addresses = Object.fromEntries(contractNames.map((name, index) => [name, pad(numberToHex(0xc0de00 + index), { size: 20 })])) as Record<ContractName, Address>;
  const stories = createStories(seed);
  const blocks: Block[] = [blockOf({ number: 0, parent: zero, salt: String(seed), transactions: [] })];
  const receipts = new Map<Hex, object>();
  let salt = 0;

  function blockOf(parameters: { number: number; parent: Hex; salt: string; transactions: Told[][] }): Block {
    const { number, parent } = parameters;
    const hash = keccak256(toHex(`${parent}${number}${parameters.salt}`));
    const block: Block = { number, hash, parent, timestamp: start + number * 12, logs: [], receipts: new Map() };
    parameters.transactions.forEach((events, index) => {
      const transactionHash = keccak256(toHex(`${hash}${index}`));
      const place = { blockNumber: numberToHex(number), blockHash: hash, transactionHash, transactionIndex: numberToHex(index) };
      for (const event of events) block.logs.push({ ...encode(event, addresses), ...place, logIndex: numberToHex(block.logs.length), removed: false });
      block.receipts.set(transactionHash, {
        ...place, from: pad(numberToHex(0xacc0 + index), { size: 20 }), to: addresses.market, contractAddress: null, cumulativeGasUsed: '0x5208', gasUsed: numberToHex(50_000 + index), effectiveGasPrice: '0x1', logs: [], logsBloom: bloom, status: '0x1', type: '0x2',
      });
    });
    return block;
  }
  const newest = (): Block => blocks.at(-1) as Block;
  const add = (transactions: number): void => {
    const { number, hash } = newest();
    salt += 1;
    const block = blockOf({ number: number + 1, parent: hash, salt: `${seed}/${salt}`, transactions: stories.tell(transactions) });
    for (const [name, receipt] of block.receipts) receipts.set(name, receipt);
    blocks.push(block);
  };
  const request: GeneratedChain['request'] = async ({ method, params }) => {
    const [first] = (params ?? []) as [never];
    if (method === 'eth_chainId') return numberToHex(31_337);
    if (method === 'eth_blockNumber') return numberToHex(newest().number);
    if (method === 'eth_getBlockByNumber') return answerBlock(first === 'latest' ? newest() : blocks[Number(first)]);
    if (method === 'eth_getTransactionReceipt') return receipts.get(first) ?? null;
    if (method === 'eth_getBlockReceipts') return [...(blocks[Number(first)]?.receipts.values() ?? [])];
    if (method === 'eth_getLogs') return answerLogs(blocks, first);
    throw new Error(`the generated chain knows no ${method}`);
  };
  const grow = (count: number, transactions: number): void => {
    for (let made = 0; made < count; made += 1) add(transactions);
  };
  return {
    deployment: { chainId: 31_337, block: 0, addresses: addresses as Deployment['addresses'] },
    publicClient: createPublicClient({ transport: custom({ request }, { retryCount: 0 }), pollingInterval: 1 }),
    request, grow,
    reorganise: (depth, transactions) => {
      const gone = Math.min(depth, blocks.length - 1);
      for (const block of blocks.splice(blocks.length - gone)) for (const name of block.receipts.keys()) receipts.delete(name);
      stories.rewind(newest().number);
      grow(gone + 1, transactions);
    },
    head: () => newest(),
    countEvents: () => blocks.reduce((sum, { logs }) => sum + logs.length, 0),
  };
}

function answerBlock(block: Block | undefined): object | null {
  if (!block) return null;
  return {
    number: numberToHex(block.number), hash: block.hash, parentHash: block.parent, timestamp: numberToHex(block.timestamp), transactions: [...block.receipts.keys()], uncles: [], nonce: '0x0000000000000000', sha3Uncles: zero, logsBloom: bloom, transactionsRoot: zero,
    stateRoot: zero, receiptsRoot: zero, miner: pad('0x0', { size: 20 }), difficulty: '0x0', extraData: '0x', size: '0x1', gasLimit: '0x1', gasUsed: '0x0', mixHash: zero, baseFeePerGas: '0x1',
  };
}

function answerLogs(blocks: Block[], { fromBlock, toBlock }: { fromBlock: Hex; toBlock: Hex }): Log[] {
  return blocks.slice(Number(fromBlock), Number(toBlock) + 1).flatMap(({ logs }) => logs);
}

function encode({ contract, name, args }: Told, addresses: Record<ContractName, Address>): Pick<Log, 'address' | 'topics' | 'data'> {
  const abi = abis[contract] as Abi;
  const { inputs } = getAbiItem({ abi, name }) as AbiEvent;
  const plain = inputs.filter(({ indexed }) => !indexed);
  return { address: addresses[contract], topics: encodeEventTopics({ abi, eventName: name, args } as never) as Hex[], data: encodeAbiParameters(plain, plain.map((input) => args[input.name ?? '']) as never) };
}
