import { toldResult } from '@neurodata/engine';
import type { TrainResult } from '@neurodata/engine';
import { encodeReceipt } from '@neurodata/protocol';
import type { JobSpec, ReceiptBody } from '@neurodata/protocol';
import { encodeCheckpoints, sealArtifact, signReceipt } from '@neurodata/sdk';
import type { VersionFacts } from '@neurodata/sdk';
import type { Hex } from 'viem';
import type { Job } from '../duty/readJob.ts';
import { runLogDigest } from '../duty/runLog.ts';
import type { WorkerSetup } from './setup.ts';

type RunParameters = { setup: WorkerSetup; job: Job; spec: JobSpec; facts: VersionFacts; result: TrainResult };

/**
 * Seals model and checkpoints to the buyer and the validators, signs the receipt and stores it. Its digest goes on chain. Of a run that
 * gives metrics only the buyer can open nothing.
 */
export async function makeReceipt(parameters: RunParameters): Promise<{ receiptDigest: Hex }> {
  const { setup, job, spec, facts } = parameters;
  const metricsOnly = spec.output === 'metrics';
  const result = toldResult(parameters.result, metricsOnly);
  const { client } = setup;
  const recipients = [...(metricsOnly ? [] : [job.recipientKey]), ...(await readValidatorKeys(setup))];
  const model = await sealArtifact({ client, bytes: result.model, recipients });
  const checkpoints = await sealArtifact({ client, bytes: encodeCheckpoints(result.checkpoints), recipients });
  const body: ReceiptBody = {
    version: 1,
    jobId: job.jobId,
    specDigest: job.specDigest,
    input: { assetId: facts.assetId, version: facts.version, contentRoot: facts.contentRoot },
    engineId: result.engineId,
    steps: result.steps,
    converged: result.converged,
    checkpointRoot: result.checkpointRoot,
    checkpointDigests: result.checkpoints.map(({ digest }) => digest),
    modelDigest: result.modelDigest,
    metrics: result.metrics,
    lossCurve: result.lossCurve,
    logDigest: runLogDigest(result),
    sealed: { modelCid: model.cid, checkpointsCid: checkpoints.cid },
  };
  const { bytes, digest } = encodeReceipt(await signReceipt({ client, body }));
  await client.storage.addRaw(bytes);
  return { receiptDigest: digest };
}

/** The committee is drawn after the receipt, so everybody who may be drawn must be able to open what it names. */
async function readValidatorKeys(setup: WorkerSetup): Promise<Hex[]> {
  const { client, contracts } = setup;
  const count = await client.publicClient.readContract({ ...contracts.validators, functionName: 'validatorCount' });
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const validators = await Promise.all(ids.map((id) => client.publicClient.readContract({ ...contracts.validators, functionName: 'validator', args: [id] })));
  return validators.filter(({ active }) => active).map(({ encryptionKey }) => encryptionKey);
}
