import { type Evaluation, type ModelCheck, ONNX_MEDIA_TYPE, canonicalJson, validatorsAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import { drawnFor } from './drawnFor.ts';
import { toNeuroError } from './errors.ts';
import { readManifest } from './readManifest.ts';
import { readVersion } from './readVersion.ts';
import { isSignedByChecker } from './signModelCheck.ts';

/**
 * How far the test of an uploaded model has come. `other`: it is no ONNX model, so nobody tests it; `unread`: validators may
 * not read it; `pending`: its round goes on; `checked`: somebody measured it; `absent`: its round is over and this node has
 * no measurement.
 */
export type ModelCheckState = 'other' | 'unread' | 'pending' | 'checked' | 'absent';
export type ReadModelCheckResult = {
  assetId: number;
  version: number;
  state: ModelCheckState;
  /** What the publisher declared, from the manifest whose digest is on chain. */
  evaluation?: Evaluation;
  /** Those that a validator of the version's committee has signed, about this manifest and what it declares. */
  checks: ModelCheck[];
  /** Measurements of the node that were left out, and why. */
  leftOut: { validatorId: number; reason: string }[];
};

/**
 * Reads what was claimed and what validators measured of an uploaded model. The node is believed nothing: claims come from
 * the chain's manifest, and each measurement must be signed by a validator whom the chain drew for the version's round.
 * Throws `NOT_FOUND`, `BAD_MANIFEST`, `CONTENT_MISMATCH`.
 */
export async function readModelCheck(parameters: { client: NeuroClient; assetId: number; version?: number }): Promise<ReadModelCheckResult> {
  const { client, assetId } = parameters;
  const answer = await client.api.getModelCheck({ assetId, ...(parameters.version === undefined ? {} : { version: parameters.version }) });
  const facts = await readVersion({ client, assetId, version: answer.version });
  const manifest = await readManifest({ client, facts });
  const evaluation = manifest['nd:evaluation'];
  const declared = { assetId, version: facts.version, ...(evaluation ? { evaluation } : {}) };
  if (manifest['nd:sealed'].mediaType !== ONNX_MEDIA_TYPE) return { ...declared, state: 'other', checks: [], leftOut: [] };
  const committee = answer.checks.length === 0 ? [] : await drawnFor(client, facts);
  const sorted = await Promise.all(answer.checks.map(async (check) => ({ check, reason: await faultOf({ client, check, committee, manifestDigest: facts.manifestDigest, evaluation }) })));
  const checks = sorted.filter(({ reason }) => reason === undefined).map(({ check }) => check);
  const leftOut = sorted.flatMap(({ check: { validatorId }, reason }) => (reason === undefined ? [] : [{ validatorId, reason }]));
  const state = checks.length > 0 ? 'checked' : !facts.validatorsMayRead ? 'unread' : answer.pending ? 'pending' : 'absent';
  return { ...declared, state, checks, leftOut };
}

type Judged = { client: NeuroClient; check: ModelCheck; committee: readonly number[]; manifestDigest: string; evaluation: Evaluation | undefined };

/** Why a measurement is not to be believed; undefined where it is. */
async function faultOf({ client, check, committee, manifestDigest, evaluation }: Judged): Promise<string | undefined> {
  const { body, validatorId, account } = check;
  if (body.manifestDigest.toLowerCase() !== manifestDigest.toLowerCase()) return 'it is about another version';
  if (!sameJson(body.evaluation, evaluation)) return 'it is about other claims than the manifest declares';
  if (!committee.includes(validatorId)) return `validator ${validatorId} was not drawn for this version`;
  const known = await client.publicClient.readContract({ address: client.config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'validator', args: [validatorId] }).catch((error: unknown) => { throw toNeuroError(error); });
  if (known.account.toLowerCase() !== account.toLowerCase()) return `validator ${validatorId} has another account on chain`;
  return (await isSignedByChecker({ client, check })) ? undefined : 'its signature is not that of its validator';
}

function sameJson(one: unknown, other: unknown): boolean {
  return one === undefined || other === undefined ? one === other : textOf(one) === textOf(other);
}

function textOf(value: unknown): string {
  return new TextDecoder().decode(canonicalJson(value));
}
