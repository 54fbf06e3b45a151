import { NeuroError } from '@neurodata/protocol';
import type { Deployment } from '@neurodata/protocol';
import { getAddress, numberToHex } from 'viem';
import type { Hex, Log as ChainLog, PublicClient } from 'viem';
import { mapLimited } from '../common/mapLimited.ts';
import { addressesOf } from './contracts.ts';
import { createDecoder } from './events.ts';
import type { EventRow } from './events.ts';

/** A block's place in the chain. `timestamp` in Unix seconds. */
export type Header = { number: number; hash: Hex; parent: Hex; timestamp: number };
/** Blocks `from` to `last.number`, read while the chain stood still. `headers` are ascending and hold at least the first, the last and every block with events. */
export type Range = { from: number; last: Header; headers: Header[]; events: EventRow[] };

export type ChainReader = {
  latest(): Promise<Header>;
  /** Undefined where the chain has no such block (any more). */
  findHeader(number: number): Promise<Header | undefined>;
  /**
   * Reads a range, with every header from `keepFrom` on.
   *
   * @throws NeuroError CONFLICT where the chain moved meanwhile: read again.
   */
  read(parameters: { from: number; to: number; keepFrom: number }): Promise<Range>;
};

const concurrency = 16;

export function createChainReader(parameters: { publicClient: PublicClient; deployment: Deployment }): ChainReader {
  const { publicClient, deployment } = parameters;
  const address = addressesOf(deployment);
  const decode = createDecoder(deployment.addresses);
  const readReceipts = createReceiptReader(publicClient);
  const getHeader = async (number: number): Promise<Header> => toHeader(await publicClient.getBlock({ blockNumber: BigInt(number) }));
  const findHeader = async (number: number): Promise<Header | undefined> => {
    try {
      return await getHeader(number);
    } catch (error) {
      if (error instanceof Error && error.name === 'BlockNotFoundError') return undefined;
      throw error;
    }
  };

  return {
    latest: async () => toHeader(await publicClient.getBlock({ blockTag: 'latest' })),
    findHeader,
    read: async ({ from, to, keepFrom }) => {
      // The last block's hash stands for all before it: the same before and after means that all came from one chain.
      const last = await getHeader(to);
      const logs = await publicClient.getLogs({ address, fromBlock: BigInt(from), toBlock: BigInt(to) });
      const numbers = new Set([from, ...logs.map((log) => Number(log.blockNumber))]);
      for (let number = Math.max(from, keepFrom); number < to; number += 1) numbers.add(number);
      numbers.delete(to);
      const headers = [...(await mapLimited([...numbers].toSorted((a, b) => a - b), concurrency, getHeader)), last];
      const byNumber = new Map(headers.map((header) => [header.number, header]));
      const receipts = await readReceipts(logs);
      const events = logs.map((log) => decode(toRawEvent({ log, byNumber, receipts }))).filter((event) => event !== undefined);
      const after = await findHeader(to);
      if (after?.hash !== last.hash || !isLinked(headers)) throw moved(to);
      return { from, last, headers, events: events.toSorted((a, b) => a.block - b.block || a.logIndex - b.logIndex) };
    },
  };
}

function toHeader(block: { number: bigint | null; hash: Hex | null; parentHash: Hex; timestamp: bigint }): Header {
  if (block.number === null || block.hash === null) throw new NeuroError('The chain answered with a block that is not final enough to have a hash.', { code: 'UNREACHABLE', retryable: true });
  return { number: Number(block.number), hash: block.hash, parent: block.parentHash, timestamp: Number(block.timestamp) };
}

const moved = (block: number): NeuroError => new NeuroError(`The chain changed at or before block ${block} while it was read.`, { code: 'CONFLICT', retryable: true });

function isLinked(headers: Header[]): boolean {
  return headers.every((header, index) => {
    const before = headers[index - 1];
    return before?.number !== header.number - 1 || before.hash === header.parent;
  });
}

type ReceiptFacts = { gasUsed: number; account: Hex; blockHash: Hex };

/** From so many transactions on, all receipts of a block cost less than those that are wanted, one by one. */
const manyOfBlock = 4;

/** Each transaction's receipt, once: of a block with many by `eth_getBlockReceipts`, unless the server does not know that. */
function createReceiptReader(publicClient: PublicClient): (logs: readonly ChainLog[]) => Promise<Map<Hex, ReceiptFacts>> {
  let wholeBlocks = true;
  const ofTransactions = (hashes: readonly Hex[]): Promise<[Hex, ReceiptFacts][]> => mapLimited(hashes, concurrency, async (hash) => {
    const receipt = await publicClient.getTransactionReceipt({ hash });
    return [hash, { gasUsed: Number(receipt.gasUsed), account: receipt.from, blockHash: receipt.blockHash }];
  });
  const ofBlock = async (number: bigint, wanted: ReadonlySet<Hex>): Promise<[Hex, ReceiptFacts][]> => {
    const receipts = (await publicClient.request({ method: 'eth_getBlockReceipts', params: [numberToHex(number)] })) ?? [];
    const found = receipts.filter(({ transactionHash }) => wanted.has(transactionHash));
    if (found.length < wanted.size) throw moved(Number(number));
    return found.map(({ transactionHash, gasUsed, from, blockHash }) => [transactionHash, { gasUsed: Number(gasUsed), account: getAddress(from), blockHash }]);
  };
  return async (logs) => {
    const blocks = [...Map.groupBy(logs, ({ blockNumber }) => blockNumber ?? 0n)].map(([number, of]) => ({ number, hashes: new Set(of.map(({ transactionHash }) => transactionHash).filter((hash) => hash !== null)) }));
    const few = blocks.flatMap(({ hashes }) => (wholeBlocks && hashes.size >= manyOfBlock ? [] : [...hashes]));
    const many = wholeBlocks ? blocks.filter(({ hashes }) => hashes.size >= manyOfBlock) : [];
    try {
      return new Map([...(await ofTransactions(few)), ...(await mapLimited(many, concurrency, ({ number, hashes }) => ofBlock(number, hashes))).flat()]);
    } catch (error) {
      if (many.length === 0) throw error;
      const receipts = new Map(await ofTransactions(blocks.flatMap(({ hashes }) => [...hashes])));
      // It has them, but not this way.
      wholeBlocks = false;
      return receipts;
    }
  };
}

function toRawEvent(parameters: { log: ChainLog; byNumber: Map<number, Header>; receipts: Map<Hex, ReceiptFacts> }) {
  const { log, byNumber, receipts } = parameters;
  const block = Number(log.blockNumber);
  const header = byNumber.get(block);
  const receipt = log.transactionHash === null ? undefined : receipts.get(log.transactionHash);
  if (log.transactionHash === null || log.logIndex === null || !header || !receipt) throw moved(block);
  if (log.blockHash !== header.hash || receipt.blockHash !== header.hash) throw moved(block);
  const { gasUsed, account } = receipt;
  return { address: log.address, topics: [...log.topics], data: log.data, block, logIndex: log.logIndex, transaction: log.transactionHash, timestamp: header.timestamp, gasUsed, account };
}
