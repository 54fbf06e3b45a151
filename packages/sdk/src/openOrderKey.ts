import type { NeuroError } from '@neurodata/protocol';
import type { AnyKeyset, Identity, Share } from '@neurodata/sealing';
import type { Hex } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { storedIdentity } from './freshIdentity.ts';
import { readEpochs, readKeyset } from './readKeyset.ts';
import { readGrants, readOrder } from './readOrder.ts';
import { requestShares } from './requestShares.ts';
import { type VersionFacts, readVersion } from './readVersion.ts';
import { type BadShare, type SealedShare, combine, openGrantedShare } from './shares.ts';

export type OpenOrderKeyResult = { secret: Uint8Array; keyset: AnyKeyset; facts: VersionFacts; badShares: BadShare[] };

/**
 * The key secret of an order, from the chain alone: its granted shares, opened with the stored identity and checked
 * against the keyset whose digest is on chain. False shares are passed over while enough true ones exist.
 * Where that identity was lost, or too few true shares were granted, and the order is finished, its buyer asks the holders of now
 * instead. Throws `NO_KEY`, `TOO_FEW_VALIDATORS` naming the false ones, `CONTENT_MISMATCH`.
 */
export async function openOrderKey(parameters: { client: NeuroClient; orderId: Hex }): Promise<OpenOrderKeyResult> {
  const { client, orderId } = parameters;
  const { assetId, version, recipientKey, state, buyer } = await readOrder({ client, orderId });
  try {
    return await openGrantedKey({ client, proofId: orderId, assetId, version, recipientKey, grants: await readGrants({ client, orderId }) });
  } catch (error) {
    const { code } = toNeuroError(error);
    const isFinished = state === 'released' || state === 'claimed';
    if ((code !== 'NO_KEY' && code !== 'TOO_FEW_VALIDATORS') || !isFinished || client.account?.address.toLowerCase() !== buyer.toLowerCase()) throw error;
  }
  // Neither a lost browser nor a lost grant is a lost purchase: the holders seal their shares anew, to a key of now.
  return { ...(await requestShares({ client, assetId, version, proofId: orderId })), badShares: [] };
}

/** The key secret from shares that were granted on chain. Throws as {@link openOrderKey}. */
export async function openGrantedKey(parameters: { client: NeuroClient; proofId: Hex; assetId: number; version: number; recipientKey: Hex; grants: SealedShare[] }): Promise<OpenOrderKeyResult> {
  const { client, proofId, assetId, version, recipientKey, grants } = parameters;
  const identity = await storedIdentity(client, recipientKey);
  const facts = await readVersion({ client, assetId, version });
  let failed: NeuroError | undefined;
  // Newest first. A key that was never handed on has one epoch; shares of two do not fit together.
  for (const { epoch } of (await readEpochs({ client, facts })).toReversed()) {
    try {
      const { keyset } = await readKeyset({ client, facts, epoch });
      return { ...(await combineGrants({ keyset, proofId, identity, grants })), keyset, facts };
    } catch (error) {
      failed = toNeuroError(error);
    }
  }
  throw failed;
}

async function combineGrants(parameters: { keyset: AnyKeyset; proofId: Hex; identity: Identity; grants: SealedShare[] }): Promise<{ secret: Uint8Array; badShares: BadShare[] }> {
  const { keyset, proofId, identity, grants } = parameters;
  const shares = new Map<number, Share>();
  const badShares: BadShare[] = [];
  for (const granted of grants) {
    const opened = await openGrantedShare({ keyset, proofId, identity, granted });
    if (typeof opened === 'string') badShares.push({ validatorId: granted.validatorId, reason: opened });
    else shares.set(opened.index, opened);
  }
  const remedy = grants.length < keyset.threshold ? 'Wait for more grants.' : 'Open a dispute: the validators named sent false shares.';
  const { secret } = combine({ keyset, shares: [...shares.values()], bad: badShares, remedy });
  return { secret, badShares };
}
