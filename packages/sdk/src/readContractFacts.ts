import type { Addresses } from '@neurodata/protocol';
import { type Abi, type AbiFunction, type Address, type Hex, toFunctionSignature } from 'viem';
import { contractAbis } from './contractAbis.ts';
import type { ChainReader } from './createClient.ts';
import { type DecodedEvent, decodeEvent } from './decodeCall.ts';
import { toNeuroError } from './errors.ts';

export type ContractEvent = DecodedEvent & { block: number; transaction: Hex; index: number };
/** A contract of the system: its place, its size in bytes, what can be asked of it, and its newest events. `fromBlock` is the first block looked at. */
export type ContractFacts = { name: keyof Addresses; address: Address; bytes: number; reads: string[]; writes: string[]; events: ContractEvent[]; fromBlock: number };

/** Blocks back from the head that are searched for events. */
const SPAN = 2_000n;
const MOST = 25;

/** Reads one of the system's contracts. */
export async function readContractFacts(parameters: { client: ChainReader; name: keyof Addresses }): Promise<ContractFacts> {
  const { client: { publicClient, config }, name } = parameters;
  const address = config.deployment.addresses[name];
  const abi: Abi = contractAbis[name];
  const signatures = (wanted: boolean): string[] => abi.filter((item): item is AbiFunction => item.type === 'function' && (item.stateMutability === 'view' || item.stateMutability === 'pure') === wanted).map(toFunctionSignature).sort();
  try {
    const [code, head] = await Promise.all([publicClient.getCode({ address }), publicClient.getBlockNumber({ cacheTime: 0 })]);
    const fromBlock = head > SPAN ? head - SPAN : 0n;
    const logs = await publicClient.getLogs({ address, fromBlock, toBlock: head });
    const events = logs.slice(-MOST).toReversed().flatMap((log): ContractEvent[] => {
      const event = decodeEvent(config, log);
      return event ? [{ ...event, block: Number(log.blockNumber), transaction: log.transactionHash, index: log.logIndex }] : [];
    });
    return { name, address, bytes: ((code?.length ?? 2) - 2) / 2, reads: signatures(true), writes: signatures(false), events, fromBlock: Number(fromBlock) };
  } catch (error) {
    throw toNeuroError(error);
  }
}
