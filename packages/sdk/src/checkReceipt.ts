import { type JobSpec, type Receipt, assetRegistryAbi, encodeReceipt, trainingAbi } from '@neurodata/protocol';
import type { Hex } from 'viem';
import { type Check, compared } from './checks.ts';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { readListing } from './readListing.ts';
import { readManifest } from './readManifest.ts';
import { type JobFacts, type ReceiptFacts, type RunPart, partOf, readReceipt } from './readReceipt.ts';
import { readRound } from './readRound.ts';
import { readVersion } from './readVersion.ts';
import { checkpointRootOf, isSignedByWorker } from './signReceipt.ts';

type Material = ReceiptFacts & { client: NeuroClient; receipt: Receipt; spec: JobSpec; facts: JobFacts };

/**
 * Checks a run's receipt by everything that can be checked without its data: signature, digests, input, engine,
 * checkpoint tree, attestations, lineage. `receipt`, where given, is the one to check instead of the stored one.
 * What cannot be checked here is in the list as `not-checked`. `part` says how far to repeat the run.
 */
export async function checkReceipt(parameters: { client: NeuroClient; jobId: Hex; receipt?: Receipt }): Promise<{ checks: Check[]; receipt: Receipt; spec: JobSpec; part: RunPart }> {
  const { client, jobId } = parameters;
  const read = await readReceipt({ client, jobId });
  const material: Material = { ...read, client, receipt: parameters.receipt ?? read.receipt };
  const checks = [
    await signatureCheck(material), await digestCheck(material), specCheck(material), await inputCheck(material), ...resultChecks(material),
    await attestationCheck(material), await lineageCheck(material),
    { name: 'Re-execution', status: 'not-checked', detail: 'needs the data: run it again where the data is held', by: 'nobody here' } as const,
  ];
  return { checks, receipt: material.receipt, spec: material.spec, part: partOf(material) };
}

async function signatureCheck(material: Material): Promise<Check> {
  const { client, receipt, worker } = material;
  const ok = (await isSignedByWorker({ client, receipt })) && receipt.worker.toLowerCase() === worker.toLowerCase();
  return compared({ name: 'Signature', ok, passed: `signed by worker ${worker}, who handed it in`, failed: `not signed by worker ${worker}, who handed it in` });
}

async function digestCheck({ client, receipt, facts }: Material): Promise<Check> {
  const training = client.config.deployment.addresses.training;
  const job = await client.publicClient.readContract({ address: training, abi: trainingAbi, functionName: 'job', args: [facts.jobId] }).catch((error: unknown) => { throw toNeuroError(error); });
  const { digest } = encodeReceipt(receipt);
  const ok = digest === job.receiptDigest && receipt.body.modelDigest === job.modelDigest;
  return compared({ name: 'Receipt digest', ok, passed: `${digest}, as in the contract`, failed: `${digest}, the contract holds ${job.receiptDigest}`, by: `this machine, from contract ${training}` });
}

function specCheck({ receipt, facts }: Material): Check {
  const ok = receipt.body.specDigest === facts.specDigest && receipt.body.jobId === facts.jobId;
  return compared({ name: 'Job spec', ok, passed: `${facts.specDigest}, as the buyer ordered it`, failed: `the receipt names ${receipt.body.specDigest}, the buyer ordered ${facts.specDigest}` });
}

async function inputCheck({ client, receipt, spec, facts }: Material): Promise<Check> {
  const { assetId } = await readListing({ client, listingId: facts.listingId });
  const { contentRoot } = await readVersion({ client, assetId, version: facts.version });
  const same = [receipt.body.input, spec.input].every((input) => input.assetId === assetId && input.version === facts.version && input.contentRoot === contentRoot);
  return compared({ name: 'Input', ok: same, passed: `asset ${assetId} version ${facts.version} with content root ${contentRoot}, as published`, failed: `receipt or spec name other data than asset ${assetId} version ${facts.version} with content root ${contentRoot}` });
}

function resultChecks({ receipt, spec, engineId, modelDigest, checkpointRoot }: Material): Check[] {
  const { body } = receipt;
  const root = checkpointRootOf(body.checkpointDigests);
  return [
    compared({ name: 'Engine', ok: body.engineId === spec.engineId && engineId === spec.engineId, passed: `${engineId}, as ordered`, failed: `ordered ${spec.engineId}, receipt says ${body.engineId}, chain says ${engineId}` }),
    compared({
      name: 'Checkpoints', ok: root === checkpointRoot && body.checkpointRoot === checkpointRoot && body.checkpointDigests.length === body.steps + 1,
      passed: `${body.checkpointDigests.length} digests give root ${checkpointRoot}`, failed: `${body.checkpointDigests.length} digests for ${body.steps} steps give root ${root ?? 'none'}, the chain says ${checkpointRoot}`,
    }),
    compared({ name: 'Model digest', ok: body.modelDigest === modelDigest, passed: modelDigest, failed: `receipt says ${body.modelDigest}, chain says ${modelDigest}` }),
  ];
}

async function attestationCheck({ client, roundId }: Material): Promise<Check> {
  const { committee, reveals, settled, verdict } = await readRound({ client, roundId });
  const name = 'Attestations';
  const accepts = reveals.filter((reveal) => reveal.verdict === 'accept').map(({ validatorId }) => validatorId).sort((a, b) => a - b);
  const by = accepts.length > 0 ? `validators ${accepts.join(', ')}` : 'no validator';
  if (!settled) return { name, status: 'not-checked', detail: `${reveals.length} of ${committee.length} validators have revealed; the round is open`, by };
  const quorum = accepts.length * 3 >= committee.length * 2 && committee.length > 0;
  const [accepted, all] = [accepts.length, committee.length];
  const detail = verdict === 'accept' ? `${accepted} of ${all} validators accepted, and so did the round`
    : verdict === 'reject' ? `${accepted} of ${all} validators accepted; the round rejected it` : `${accepted} of ${all} validators accepted; the round came to no verdict`;
  return { name, status: quorum && verdict === 'accept' ? 'passed' : 'failed', detail, by };
}

async function lineageCheck({ client, receipt, facts }: Material): Promise<Check> {
  const registry = { address: client.config.deployment.addresses.assetRegistry, abi: assetRegistryAbi } as const;
  const name = 'Lineage';
  const modelAsset = await client.publicClient.readContract({ ...registry, functionName: 'assetOfJob', args: [facts.jobId] }).catch((error: unknown) => { throw toNeuroError(error); });
  if (modelAsset === 0n) return { name, status: 'not-checked', detail: 'the model of this run has not been published', by: 'nobody here' };
  const lineage = await client.publicClient.readContract({ ...registry, functionName: 'lineageOf', args: [modelAsset] }).catch((error: unknown) => { throw toNeuroError(error); });
  const published = await readVersion({ client, assetId: Number(modelAsset), version: 1 });
  const manifest = await readManifest({ client, facts: published });
  const { assetId, version } = receipt.body.input;
  const ok = lineage.jobId === facts.jobId && lineage.parents.some((parent) => Number(parent.assetId) === assetId && parent.version === version) && manifest['nd:model']?.modelDigest === receipt.body.modelDigest;
  return compared({ name, ok, passed: `model asset ${modelAsset} comes from asset ${assetId} version ${version} by this run`, failed: `model asset ${modelAsset} names another origin or model` });
}
