import { NeuroError, jobStates, trainingAbi, trialProgress, validatorsAbi } from '@neurodata/protocol';
import type { Config } from '@neurodata/protocol';
import { isSignedByChecker, isSignedByFinder, signerOfProgress } from '@neurodata/sdk';
import { eq } from 'drizzle-orm';
import { isAddressEqual } from 'viem';
import type { Address, Hex, PublicClient } from 'viem';
import { findModelCheck, saveModelCheck } from '../../db/modelChecks.ts';
import type { Database } from '../../db/openDatabase.ts';
import { findProgress, writeProgress } from '../../db/progress.ts';
import { versions } from '../../db/schema.ts';
import { saveTableCheck } from '../../db/tableChecks.ts';
import type { Handler } from './Handler.ts';

/** A worker's clock may be this far ahead of this node's, in seconds. */
const CLOCK_SLACK = 120;

export const reportProgress: Handler<'reportProgress'> = async ({ db, config, client }, { params, body }) => {
  const { jobId } = params;
  const { progress, signature } = body;
  const [signer, job] = await Promise.all([signerOfProgress({ client: { config }, jobId, progress, signature }), readChainJob({ config, client, jobId })]);
  if (!signer || !isAddressEqual(signer, job.worker)) throw new NeuroError(`This is not signed by the worker of job ${jobId}.`, { code: 'FORBIDDEN', remedy: 'Only the worker that claimed a job tells how far it is.' });
  if (progress.updatedAt > Date.now() / 1_000 + CLOCK_SLACK) throw new NeuroError('This report is from the future.', { code: 'BAD_INPUT', remedy: "Set the worker's clock." });
  const known = await findProgress(db, jobId);
  if (known && known.updatedAt > progress.updatedAt) return { kept: false };
  await writeProgress(db, jobId, job.trial ? trialProgress(progress) : progress);
  return { kept: true };
};

async function readChainJob(parameters: { config: Config; client: PublicClient; jobId: Hex }): Promise<{ worker: Address; trial: boolean }> {
  const { config, client, jobId } = parameters;
  const job = await client.readContract({ address: config.deployment.addresses.training, abi: trainingAbi, functionName: 'job', args: [jobId] });
  if ((jobStates[job.state] ?? 'none') === 'none') throw new NeuroError(`There is no job ${jobId}.`, { code: 'NOT_FOUND', remedy: 'Check the id.' });
  return job;
}

export const reportModelCheck: Handler<'reportModelCheck'> = async ({ db, config, client }, { body: check }) => {
  const { manifestDigest } = check.body;
  await expectValidator({ config, client, said: check, signed: await isSignedByChecker({ client: { config }, check }) });
  await expectVersion(db, manifestDigest);
  if (await findModelCheck(db, { manifestDigest, validatorId: check.validatorId })) return { kept: false };
  await saveModelCheck(db, check);
  return { kept: true };
};

export const reportTableCheck: Handler<'reportTableCheck'> = async ({ db, config, client }, { body: check }) => {
  await expectValidator({ config, client, said: check, signed: await isSignedByFinder({ client: { config }, check }) });
  await expectVersion(db, check.body.manifestDigest);
  return { kept: await saveTableCheck(db, check) };
};

async function expectValidator(parameters: { config: Config; client: PublicClient; said: { validatorId: number; account: Address }; signed: boolean }): Promise<void> {
  const { config, client, said: { validatorId, account }, signed } = parameters;
  const known = await client.readContract({ address: config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'validator', args: [validatorId] });
  if (!signed || !isAddressEqual(known.account, account)) throw new NeuroError(`This is not signed by validator ${validatorId}.`, { code: 'FORBIDDEN', remedy: 'Only a registered validator tells what it found.' });
}

async function expectVersion(db: Database, manifestDigest: Hex): Promise<void> {
  const [version] = await db.orm.select({ assetId: versions.assetId }).from(versions).where(eq(versions.manifestDigest, manifestDigest)).limit(1);
  if (!version) throw new NeuroError(`No version has the manifest ${manifestDigest}.`, { code: 'NOT_FOUND', remedy: 'Its block may not be indexed yet; try again.', retryable: true });
}
