import { type TableCheck, assetRegistryAbi, validatorsAbi } from '@neurodata/protocol';
import { type Address, isAddressEqual } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { drawnFor } from './drawnFor.ts';
import { readVersion } from './readVersion.ts';
import { isSignedByFinder } from './signTableCheck.ts';

/** An earlier version with rows of this one. `by`: validators that say so. */
export type AlikeVersion = { assetId: number; version: number; /** Part of this version's different rows, the most that one of them found. */ part: number; by: number[]; /** Whether both assets have one owner now. */ sameOwner: boolean };
export type ReadTableCheckResult = {
  assetId: number;
  version: number;
  /** Validators whose signed check of this version was found. */
  checkedBy: number[];
  /** Earlier versions that the most experienced of them compared it with. */
  compared: number;
  alike: AlikeVersion[];
};

/**
 * Reads what validators found of a dataset's table beyond their verdict. The node is believed nothing: each check must be signed by a validator whom the chain drew
 * for the version's round, and each version that it names must be on chain. Throws `NOT_FOUND`.
 */
export async function readTableCheck(parameters: { client: NeuroClient; assetId: number; version?: number }): Promise<ReadTableCheckResult> {
  const { client, assetId } = parameters;
  const answer = await client.api.getTableCheck({ assetId, ...(parameters.version === undefined ? {} : { version: parameters.version }) });
  const facts = await readVersion({ client, assetId, version: answer.version });
  const told = answer.checks.filter(({ body }) => body.manifestDigest.toLowerCase() === facts.manifestDigest.toLowerCase());
  const drawn = told.length === 0 ? [] : await drawnFor(client, facts);
  const holds = await Promise.all(told.map((check) => isBelieved(client, check, drawn)));
  const checks = told.filter((_, index) => holds[index]);
  return {
    assetId, version: facts.version, checkedBy: checks.map(({ validatorId }) => validatorId).sort((a, b) => a - b), compared: Math.max(0, ...checks.map(({ body }) => body.compared)),
    alike: await alikeOf(client, assetId, checks),
  };
}

async function isBelieved(client: NeuroClient, check: TableCheck, drawn: readonly number[]): Promise<boolean> {
  if (!drawn.includes(check.validatorId)) return false;
  const { account } = await client.publicClient.readContract({ address: client.config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'validator', args: [check.validatorId] });
  return isAddressEqual(account, check.account) && isSignedByFinder({ client, check });
}

async function alikeOf(client: NeuroClient, assetId: number, checks: readonly TableCheck[]): Promise<AlikeVersion[]> {
  const found = new Map<string, AlikeVersion>();
  const owner = checks.some(({ body }) => body.alike.length > 0) ? await ownerOf(client, assetId) : undefined;
  for (const { validatorId, body } of checks) {
    for (const { assetId: other, version, manifestDigest, part } of body.alike) {
      const key = `${other}@${version}`;
      const known = found.get(key) ?? (await isOnChain(client, { assetId: other, version, manifestDigest }) ? { assetId: other, version, part: 0, by: [], sameOwner: owner !== undefined && isAddressEqual(owner, await ownerOf(client, other)) } : undefined);
      if (known) found.set(key, { ...known, part: Math.max(known.part, part), by: [...known.by, validatorId].sort((a, b) => a - b) });
    }
  }
  return [...found.values()].sort((a, b) => b.part - a.part);
}

async function isOnChain(client: NeuroClient, said: { assetId: number; version: number; manifestDigest: string }): Promise<boolean> {
  const facts = await readVersion({ client, assetId: said.assetId, version: said.version }).catch(() => undefined);
  return facts?.manifestDigest.toLowerCase() === said.manifestDigest.toLowerCase();
}

function ownerOf(client: NeuroClient, assetId: number): Promise<Address> {
  return client.publicClient.readContract({ address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi, functionName: 'ownerOf', args: [BigInt(assetId)] });
}
