import { type PurposeStatement, type SignedPurpose, purposeData } from '@neurodata/protocol';
import { isAddressEqual, recoverTypedDataAddress } from 'viem';
import { askAsOwner } from './askAsOwner.ts';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readVersion } from './readVersion.ts';

/** A promise with who keeps it. What a validator shows without the buyer's signature is left out. */
export type KeptPurpose = SignedPurpose & { keptBy: number[] };
export type ReadPurposesResult = { items: KeptPurpose[]; /** Who did not answer, or showed something that nobody signed. */ problems: { validatorId: number; reason: string }[] };

/**
 * Asks the holders of a version's key what its buyers promised that they want it for, each with the buyer's signature, which is checked here. For the asset's
 * owner, who signs a request to each.
 */
export async function readPurposes(parameters: { client: NeuroClient; assetId: number; version: number }): Promise<ReadPurposesResult> {
  const { client, assetId } = parameters;
  const { committee } = await readVersion(parameters);
  const found = new Map<string, KeptPurpose>();
  const problems: ReadPurposesResult['problems'] = [];
  await Promise.all(committee.map(async (validatorId) => {
    try {
      for (const signed of (await askAsOwner({ client, assetId, validatorId, question: 'listPurposes' })).items) {
        if (signed.statement.assetId !== assetId || !(await isSigned(client, signed))) problems.push({ validatorId, reason: `shows a promise about ${signed.statement.proofId} that nobody signed` });
        else keep(found, signed, validatorId);
      }
    } catch (error) {
      problems.push({ validatorId, reason: toNeuroError(error).message });
    }
  }));
  return { items: [...found.values()].toSorted((a, b) => b.statement.signedAt - a.statement.signedAt), problems };
}

function keep(found: Map<string, KeptPurpose>, signed: SignedPurpose, validatorId: number): void {
  const { proofId, limitsDigest, use, sharesResult } = signed.statement;
  const key = [proofId.toLowerCase(), limitsDigest.toLowerCase(), use, sharesResult].join();
  const known = found.get(key) ?? { ...signed, keptBy: [] };
  found.set(key, { ...known, keptBy: [...known.keptBy, validatorId].toSorted((a, b) => a - b) });
}

async function isSigned(client: NeuroClient, { statement, signature }: { statement: PurposeStatement; signature: SignedPurpose['signature'] }): Promise<boolean> {
  const { chainId, addresses: { market } } = client.config.deployment;
  const signer = await recoverTypedDataAddress({ ...purposeData({ chainId, market, statement }), signature }).catch(() => undefined);
  return signer !== undefined && isAddressEqual(signer, statement.account);
}
