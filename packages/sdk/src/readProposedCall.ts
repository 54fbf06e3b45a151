import { type Addresses, NeuroError } from '@neurodata/protocol';
import type { Abi, AbiFunction, AbiParameter } from 'viem';
import { contractAbis } from './contractAbis.ts';
import type { ChainReader } from './createClient.ts';
import type { ProposedCall } from './propose.ts';

const bad = (message: string, remedy: string): NeuroError => new NeuroError(message, { code: 'BAD_INPUT', remedy });

function findFunction(contract: string, name: string): { abi: Abi; item: AbiFunction } {
  const abi = contractAbis[contract as keyof Addresses];
  if (!abi) throw bad(`There is no contract "${contract}".`, `Choose one of ${Object.keys(contractAbis).join(', ')}.`);
  const writable = abi.filter((item): item is AbiFunction => item.type === 'function' && item.stateMutability !== 'view' && item.stateMutability !== 'pure');
  const item = writable.find((candidate) => candidate.name === name);
  if (!item) throw bad(`${contract} has no function "${name}" that changes something.`, `Choose one of ${writable.map((candidate) => candidate.name).join(', ')}.`);
  return { abi, item };
}

/** JSON as the ABI wants it: large integers as bigint, from numbers or decimal strings; structs by their fields. */
function toAbiValue(input: AbiParameter, value: unknown): unknown {
  const name = input.name ?? input.type;
  if (input.type.endsWith('[]')) {
    if (!Array.isArray(value)) throw bad(`${name} is a list.`, 'Write it as [ ... ].');
    return value.map((item) => toAbiValue({ ...input, type: input.type.slice(0, -2) }, item));
  }
  if (input.type === 'tuple' && 'components' in input) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(`${name} is a struct.`, `Write it as an object with ${input.components.map((component) => component.name).join(', ')}.`);
    const fields = value as Record<string, unknown>;
    const unknown = Object.keys(fields).filter((key) => !input.components.some((component) => component.name === key));
    if (unknown.length > 0) throw bad(`${name} has no field ${unknown.join(', ')}.`, `It has ${input.components.map((component) => component.name).join(', ')}.`);
    return Object.fromEntries(input.components.map((component) => [component.name, toAbiValue(component, fields[component.name ?? ''])]));
  }
  const bits = /^u?int(\d+)$/.exec(input.type)?.[1];
  if (bits === undefined) return value;
  if (!/^-?\d+$/.test(String(value)) || (typeof value === 'number' && !Number.isSafeInteger(value))) throw bad(`${name} is not a whole number.`, 'Write it in digits; large ones as a string.');
  return Number(bits) <= 48 ? Number(value) : BigInt(value as string);
}

/** `setParams` takes all parameters: those that are not said stay as they are on chain. */
async function withPresent(parameters: { client: ChainReader; contract: keyof Addresses; abi: Abi; item: AbiFunction; args: unknown[] }): Promise<unknown[]> {
  const { client, contract, abi, item, args } = parameters;
  const [given] = args;
  const readable = abi.some((other) => other.type === 'function' && other.name === 'params' && other.inputs.length === 0);
  if (item.name !== 'setParams' || !readable || typeof given !== 'object' || given === null) return args;
  const present = await client.publicClient.readContract({ address: client.config.deployment.addresses[contract], abi, functionName: 'params' });
  return [{ ...(present as object), ...given }];
}

/**
 * A call as people write it: `market.setParams` and its arguments as a JSON list, or as one JSON object for a single
 * struct. Throws BAD_INPUT naming what does not fit.
 */
export async function readProposedCall(parameters: { client: ChainReader; target: string; json: string }): Promise<ProposedCall> {
  const { client, target, json } = parameters;
  const [contract = '', functionName = ''] = target.split('.');
  const { abi, item } = findFunction(contract, functionName);
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw bad('The arguments are not JSON.', 'Write them as a list, like \'["0x...", "1000"]\', or as an object for one struct.');
  }
  const given = Array.isArray(parsed) ? parsed : [parsed];
  const key = contract as keyof Addresses;
  const args = await withPresent({ client, contract: key, abi, item, args: given });
  if (args.length !== item.inputs.length) throw bad(`${target} takes ${item.inputs.length} arguments.`, `They are ${item.inputs.map((input) => `${input.name ?? ''} (${input.type})`).join(', ') || 'none: write []'}.`);
  return { contract: key, functionName, args: item.inputs.map((input, index) => toAbiValue(input, args[index])) };
}
