import { assetRegistryAbi, parseJson, versionStatuses } from '@neurodata/protocol';
import { rawCidOfDigest } from '@neurodata/storage';
import { type Hex, zeroHash } from 'viem';
import { z } from 'zod';
import type { DocumentReader } from './createClient.ts';
import { readLogs } from './logs.ts';

/** `reason`: what its owner said; absent where the document cannot be read. */
export type Revocation = { at: bigint; transaction: Hex; reason?: string };

const MOST_CHARACTERS = 20_000;
const reasonSchema = z.object({ version: z.literal(1), reason: z.string().max(MOST_CHARACTERS) });

/** In which block the owner of a version revoked it, and why; undefined where it was not revoked. */
export async function readRevocation(parameters: { client: DocumentReader; assetId: number; version: number }): Promise<Revocation | undefined> {
  const { client, assetId, version } = parameters;
  const logs = await readLogs(client, (range) => client.publicClient.getContractEvents({
    address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, eventName: 'VersionStatusChanged', args: { assetId: BigInt(assetId), version }, strict: true, ...range,
  }));
  const log = logs.findLast(({ args }) => versionStatuses[args.status] === 'revoked');
  if (!log) return undefined;
  const reason = log.args.reason === zeroHash ? undefined : await client.storage.readRaw(rawCidOfDigest(log.args.reason)).then((bytes) => reasonSchema.parse(parseJson(bytes, 'The reason')).reason, () => undefined);
  return { at: log.blockNumber, transaction: log.transactionHash, ...(reason === undefined ? {} : { reason }) };
}
