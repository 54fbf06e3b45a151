import { type Addresses, type Config, type NamedCall, explainCall, formatNcr } from '@neurodata/protocol';
import { type Abi, type AbiFunction, type AbiParameter, type Address, type Hex, decodeEventLog, decodeFunctionData, erc20Abi } from 'viem';
import { contractAbis } from './contractAbis.ts';

/** The contract's name in the deployment, if the address is one of its. */
export function contractNameOf(config: Pick<Config, 'deployment'>, address: Address | null | undefined): keyof Addresses | undefined {
  const found = Object.entries(config.deployment.addresses).find(([, known]) => known.toLowerCase() === address?.toLowerCase());
  return found?.[0] as keyof Addresses | undefined;
}

/** What a transaction asks for. `call` is there where one of the system's contracts was called and the call is understood. */
export type DecodedCall = { sentence: string; contract?: keyof Addresses; call?: NamedCall };

type Input = { to: Address | null; input: Hex; value: bigint };

/** A transaction's input in a sentence, by the ABI of the contract it goes to. */
export function decodeCall(config: Pick<Config, 'deployment'>, { to, input, value }: Input): DecodedCall {
  if (to === null) return { sentence: 'Deploy a contract' };
  const ether = `${formatNcr(value, 6)} ETH`;
  const contract = contractNameOf(config, to);
  if (input === '0x') return { sentence: `Send ${ether} to ${to}`, ...(contract ? { contract } : {}) };
  if (!contract) return { sentence: foreign(to, input) };
  try {
    const abi = contractAbis[contract];
    const { functionName, args = [] } = decodeFunctionData({ abi, data: input });
    const item = abi.find((candidate): candidate is AbiFunction => candidate.type === 'function' && candidate.name === functionName && candidate.inputs.length === args.length);
    const call: NamedCall = { contract, functionName, args: named(item?.inputs ?? [], args) };
    return { sentence: explainCall(call), contract, call };
  } catch {
    return { sentence: `Call ${contract} with ${input.slice(0, 10)}, which it does not know`, contract };
  }
}

/** A stranger's contract: an ERC-20's verbs are known, the rest is told by its selector. */
function foreign(to: Address, input: Hex): string {
  try {
    const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data: input });
    if (functionName === 'transfer') return `Send ${args[1]} base units of token ${to} to ${args[0]}`;
    if (functionName === 'approve') return `Let ${args[0]} take up to ${args[1]} base units of token ${to}`;
  } catch {
    // Another kind of contract.
  }
  return `Call ${to} with ${input.slice(0, 10)}`;
}

/** Arguments by their names; one without a name gets its place. */
function named(inputs: readonly AbiParameter[], args: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(args.map((value, index) => [inputs[index]?.name || `arg${index}`, value]));
}

/** An event of one of the system's contracts, with its arguments by name; undefined for those of strangers. */
export type DecodedEvent = { contract: keyof Addresses; event: string; args: Record<string, unknown> };

export function decodeEvent(config: Pick<Config, 'deployment'>, log: { address: Address; topics: readonly Hex[]; data: Hex }): DecodedEvent | undefined {
  const contract = contractNameOf(config, log.address);
  if (!contract) return undefined;
  try {
    const { eventName, args } = decodeEventLog({ abi: contractAbis[contract] as Abi, topics: log.topics as [Hex, ...Hex[]], data: log.data, strict: false });
    return { contract, event: String(eventName), args: Array.isArray(args) ? named([], args) : ((args ?? {}) as Record<string, unknown>) };
  } catch {
    return undefined;
  }
}
