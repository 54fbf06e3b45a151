import { derivedConflicts, policyOf } from '@neurodata/protocol';
import type { Manifest } from '@neurodata/protocol';
import { readJobFacts, readJobSpec, readManifest, readVersion } from '@neurodata/sdk';
import type { VersionFacts } from '@neurodata/sdk';
import type { Hex } from 'viem';
import { expectFact } from './finding.ts';
import type { CheckContext } from './readContent.ts';

/**
 * Whether a version that was made of others keeps to their terms: the declared ones and the dataset of the run that made it, as the chain names them.
 *
 * @throws Refusal where it does not; what the storage throws while a manifest cannot be fetched.
 */
export async function checkInheritance({ context, facts, manifest }: { context: CheckContext; facts: VersionFacts; manifest: Manifest }): Promise<void> {
  const { client, contracts } = context.setup;
  const lineage = await client.publicClient.readContract({ ...contracts.registry, functionName: 'lineageOf', args: [BigInt(facts.assetId)] });
  const declared = lineage.parents.map(({ assetId, version }) => ({ assetId: Number(assetId), version }));
  const jobId = manifest['nd:model']?.jobId;
  const policies = await Promise.all([...declared, ...(jobId === undefined ? [] : [await readInput(context, jobId)])].map(async (parent) => {
    const published = await readManifest({ client, facts: await readVersion({ client, ...parent }) });
    return { published, policy: policyOf(published) };
  }));
  const [conflict] = policies.length === 0 ? [] : derivedConflicts({ parents: policies.map(({ policy }) => policy), child: manifest });
  expectFact(conflict === undefined, conflict?.sentence ?? '');
  if (jobId === undefined || policies.every(({ published }) => published['nd:limits'] === undefined)) return;
  const { specDigest } = await readJobFacts({ client, jobId });
  const { purpose } = await readJobSpec({ client, specDigest });
  expectFact(purpose?.sharesResult !== false, `Run ${jobId} was opened with the promise that what comes of it is not passed on.`);
}

/** What a job was trained on. */
async function readInput({ setup: { client, contracts } }: CheckContext, jobId: Hex): Promise<{ assetId: number; version: number }> {
  const { assetId, version } = await client.publicClient.readContract({ ...contracts.training, functionName: 'job', args: [jobId] });
  expectFact(assetId !== 0n, `The manifest names run ${jobId}, and there is none.`);
  return { assetId: Number(assetId), version };
}
