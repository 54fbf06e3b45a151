import { custodyAbi, marketAbi, proofKindOf, subscriptionsAbi } from '@neurodata/protocol';
import { type GrantCase, type SharePlace, grantContext } from '@neurodata/sealing';
import { type Address, type Hex, concatHex, hexToBytes, keccak256, numberToHex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readLogs } from './logs.ts';
import { readKeyset } from './readKeyset.ts';
import { readListing } from './readListing.ts';
import { readVersion } from './readVersion.ts';

/** One share that was granted on chain: to which key, of which version, and at which times its sender may have looked up who holds the key (Unix seconds). */
export type GrantFacts = { proofId: Hex; validatorId: number; sealedShare: Hex; envelope: Hex; recipientKey: Hex; assetId: number; version: number; times: bigint[] };

type Place = { blockNumber: bigint; logIndex: number };

/**
 * Every share that was granted for an order or a subscription, from the chain's logs, oldest first; none for anything else.
 * `envelope` is the keccak256 of the sealed share. Throws `BAD_INPUT` on an id of no kind, and what the RPC throws.
 */
export async function readGrantFacts(parameters: { client: NeuroClient; proofId: Hex }): Promise<GrantFacts[]> {
  const kind = proofKindOf(parameters.proofId);
  if (kind === 'order') return grantsOfOrder(parameters);
  return kind === 'subscription' ? grantsOfSubscription(parameters) : [];
}

async function grantsOfOrder({ client, proofId }: { client: NeuroClient; proofId: Hex }): Promise<GrantFacts[]> {
  const query = { address: client.config.deployment.addresses.market, abi: marketAbi, args: { orderId: proofId }, strict: true } as const;
  const [[opened], shares, [reached]] = await Promise.all([
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...query, ...range, eventName: 'OrderOpened' })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...query, ...range, eventName: 'ShareGranted' })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...query, ...range, eventName: 'OrderGranted' })),
  ]);
  if (!opened) return [];
  const { listingId, version, recipientKey } = opened.args;
  const { assetId } = await readListing({ client, listingId });
  const first = await timeOf(client, opened);
  const then = reached && (await timeOf(client, reached));
  return shares.map((log) => ({
    ...grantOf({ ...log.args, proofId }), recipientKey, assetId, version,
    // Who grants late may have looked before the threshold was reached, or after.
    times: reached && then !== undefined && isBefore(reached, log) ? [first, then] : [first],
  }));
}

async function grantsOfSubscription({ client, proofId }: { client: NeuroClient; proofId: Hex }): Promise<GrantFacts[]> {
  const query = { address: client.config.deployment.addresses.subscriptions, abi: subscriptionsAbi, args: { subscriptionId: proofId }, strict: true } as const;
  const [asked, shares] = await Promise.all([
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...query, ...range, eventName: 'KeyRequested' })),
    readLogs(client, (range) => client.publicClient.getContractEvents({ ...query, ...range, eventName: 'SubscriptionShareGranted' })),
  ]);
  const found = shares.flatMap((log) => asked.filter((request) => isBefore(request, log)).slice(-1).map((request) => ({ log, request })));
  if (found.length === 0) return [];
  const subscription = await client.publicClient.readContract({ address: query.address, abi: query.abi, functionName: 'subscription', args: [proofId] }).catch((error: unknown) => { throw toNeuroError(error); });
  const { assetId } = await readListing({ client, listingId: subscription.listingId });
  return Promise.all(found.map(async ({ log, request }) => ({
    ...grantOf({ ...log.args, proofId }), recipientKey: request.args.recipientKey, assetId, version: request.args.version, times: [await timeOf(client, request)],
  })));
}

function grantOf({ proofId, validatorId, sealedShare }: { proofId: Hex; validatorId: number; sealedShare: Hex }) {
  return { proofId, validatorId, sealedShare, envelope: keccak256(sealedShare) };
}

function isBefore(a: Place, b: Place): boolean {
  return a.blockNumber < b.blockNumber || (a.blockNumber === b.blockNumber && a.logIndex < b.logIndex);
}

async function timeOf(client: NeuroClient, { blockNumber }: Place): Promise<bigint> {
  const { timestamp } = await client.publicClient.getBlock({ blockNumber }).catch((error: unknown) => { throw toNeuroError(error); });
  return timestamp;
}

/**
 * What there is to say about a grant: what it should hold, and in whose name it is accused. Throws as `readKeyset`.
 */
export async function caseOfGrant(parameters: { client: NeuroClient; grant: GrantFacts; accuser: Address }): Promise<GrantCase> {
  const { client, grant, accuser } = parameters;
  const { chainId, addresses } = client.config.deployment;
  return {
    sealed: hexToBytes(grant.sealedShare), recipient: hexToBytes(grant.recipientKey), context: grantContext(grant.proofId, grant.validatorId),
    places: await placesOf(client, grant), accuser: hexToBytes(concatHex([numberToHex(chainId, { size: 32 }), addresses.accusations, accuser])),
  };
}

async function placesOf(client: NeuroClient, { assetId, version, validatorId, times }: GrantFacts): Promise<SharePlace[]> {
  const facts = await readVersion({ client, assetId, version });
  const holdings = await Promise.all(times.map((time) => client.publicClient.readContract({
    address: client.config.deployment.addresses.custody, abi: custodyAbi, functionName: 'holdersAt', args: [BigInt(assetId), version, time],
  }))).catch((error: unknown) => { throw toNeuroError(error); });
  const keysets = await Promise.all([...new Set(holdings.map(({ epoch }) => epoch))].map((epoch) => readKeyset({ client, facts, epoch })));
  return keysets.flatMap(({ keyset }) => {
    const position = keyset.members.findIndex((member) => member.validatorId === validatorId);
    return position < 0 ? [] : [{ commitments: keyset.commitments.map((point) => hexToBytes(point)), index: position + 1 }];
  });
}
