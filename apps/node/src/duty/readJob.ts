import { engineId, findInadmissible } from '@neurodata/engine';
import { purposeProblem } from '@neurodata/protocol';
import type { JobSpec } from '@neurodata/protocol';
import { readJobFacts, readJobSpec, readManifest, readTerms, readVersion, toNeuroError } from '@neurodata/sdk';
import type { NeuroClient, VersionFacts } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { contractsOf } from './contracts.ts';

/** What the chain says of a job: the contract's own record, with what only the event that opened it tells. */
export async function readJob(client: NeuroClient, jobId: Hex) {
  const { training } = contractsOf(client.config.deployment.addresses);
  const [job, { needs }] = await Promise.all([
    client.publicClient.readContract({ ...training, functionName: 'job', args: [jobId] }),
    client.publicClient.readContract({ ...training, functionName: 'schedule', args: [jobId] }),
  ]);
  const { specDigest, recipientKey } = await readJobFacts({ client, jobId });
  return { ...job, needs, jobId, assetId: Number(job.assetId), specDigest, recipientKey };
}

export type Job = Awaited<ReturnType<typeof readJob>>;

/** A job's spec and input; or what is wrong with them for good, or that another engine is asked for. */
export type CheckedSpec = { spec: JobSpec; facts: VersionFacts } | { problem: string; otherEngine: boolean };

/**
 * Reads a job's spec by the digest on chain and compares it with the chain: the input is the version that was paid for,
 * the engine is this one, the listing's terms admit the algorithm and its parameters, a trial gives metrics only, the version's what the model is for.
 *
 * @throws what the storage throws while a block cannot be fetched.
 */
export async function readCheckedSpec(client: NeuroClient, job: Job): Promise<CheckedSpec> {
  const spec = await readJobSpec({ client, specDigest: job.specDigest }).catch(badSpec);
  if ('problem' in spec) return spec;
  const wrong = (problem: string): CheckedSpec => ({ problem, otherEngine: false });
  const { input } = spec;
  if (input.assetId !== job.assetId || input.version !== job.version) {
    return wrong(`The spec is about asset ${input.assetId} version ${input.version}, the job about asset ${job.assetId} version ${job.version}.`);
  }
  const facts = await readVersion({ client, assetId: job.assetId, version: job.version });
  if (input.contentRoot.toLowerCase() !== facts.contentRoot) return wrong(`The spec names the content root ${input.contentRoot}, the version has ${facts.contentRoot}.`);
  if (spec.engineId.toLowerCase() !== engineId) return { problem: `The spec asks for engine ${spec.engineId}; the engine here is ${engineId}.`, otherEngine: true };
  if (job.trial && spec.output !== 'metrics') return wrong('The job is a trial run, the spec asks for more than rounded metrics.');
  const inadmissible = findInadmissible(spec.train, await readTerms({ client, listingId: job.listingId }));
  if (inadmissible !== undefined) return wrong(`${inadmissible} (Terms of listing ${job.listingId}.)`);
  const conflict = purposeProblem({ published: await readManifest({ client, facts }), purpose: spec.purpose, derives: true });
  if (conflict !== undefined) return wrong(conflict.sentence);
  return { spec, facts };
}

function badSpec(error: unknown): { problem: string; otherEngine: boolean } {
  const { code, message, details } = toNeuroError(error);
  if (code !== 'BAD_SPEC' && code !== 'BAD_INPUT') throw error;
  return { problem: details ? `${message} ${details}` : message, otherEngine: false };
}
