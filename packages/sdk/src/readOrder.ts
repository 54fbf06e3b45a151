import { NeuroError, type OrderState, marketAbi, orderStates } from '@neurodata/protocol';
import type { Address, Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { lastLog, readLogs } from './logs.ts';
import { readListing } from './readListing.ts';

/** An order as the chain has it. */
export type OrderFacts = { orderId: Hex; listingId: number; assetId: number; version: number; buyer: Address; recipientKey: Hex; state: OrderState };

/** The order's state in the market; throws `NOT_FOUND`. */
export async function readOrderState(parameters: { client: NeuroClient; orderId: Hex }): Promise<OrderState> {
  const { client, orderId } = parameters;
  const order = await client.publicClient.readContract({ address: client.config.deployment.addresses.market, abi: marketAbi, functionName: 'order', args: [orderId] }).catch((error: unknown) => { throw toNeuroError(error); });
  const state = orderStates[order.state] ?? 'none';
  if (state === 'none') throw new NeuroError(`There is no order ${orderId}.`, { code: 'NOT_FOUND', remedy: 'Check the id.' });
  return state;
}

/** Reads an order from contract and events; throws `NOT_FOUND`. */
export async function readOrder(parameters: { client: NeuroClient; orderId: Hex }): Promise<OrderFacts> {
  const { client, orderId } = parameters;
  const state = await readOrderState(parameters);
  const logs = await readLogs(client, (range) => client.publicClient.getContractEvents({
    address: client.config.deployment.addresses.market, abi: marketAbi, eventName: 'OrderOpened', args: { orderId }, strict: true, ...range,
  }));
  const { listingId, version, buyer, recipientKey } = lastLog(logs, `Order ${orderId}`).args;
  const { assetId } = await readListing({ client, listingId });
  return { orderId, listingId, assetId, version, buyer, recipientKey, state };
}

/** The shares granted to an order, from the chain's logs, in the order in which they came. */
export async function readGrants(parameters: { client: NeuroClient; orderId: Hex }): Promise<{ validatorId: number; sealedShare: Hex }[]> {
  const { client, orderId } = parameters;
  const logs = await readLogs(client, (range) => client.publicClient.getContractEvents({
    address: client.config.deployment.addresses.market, abi: marketAbi, eventName: 'ShareGranted', args: { orderId }, strict: true, ...range,
  }));
  return logs.map(({ args }) => ({ validatorId: args.validatorId, sealedShare: args.sealedShare }));
}
