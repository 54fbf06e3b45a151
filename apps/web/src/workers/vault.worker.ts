import { type SampleChoice, profileTable, sampleStream, tableMediaTypes } from '@neurodata/engine';
import { type Description, type Evaluation, type EvaluationTable, type Manifest, NeuroError, ONNX_MEDIA_TYPE, type Receipt, type StatisticsChoice, describeColumns } from '@neurodata/protocol';
import { type Check, type DownloadProof, type NeuroClient, type RunPart, challengeRun, checkReceipt, contentChecks, counterTreeOf, createClient, describeEvaluationTable, downloadAsset, identifyContent, openMainTable, openModel, playChallenge, publishAsset, publishModel, publishSample, publishVersion, readEvaluationTable, readReceipt, shareChecks } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { browserIdentities } from '../client/identities.ts';
import { unfinishedSeal } from '../client/unfinishedSeal.ts';
import { calmly } from './calmly.ts';
import { describeTable } from './describeTable.ts';
import { blobOf, pieces } from './blobs.ts';
import { type DescribedFile, contentOfFile } from './fileContent.ts';
import { type ChosenFolder, type LookedFolder, lookAtFolder } from './lookAtFolder.ts';
import { type FolderInput, type OpenedBefore, openFilesBefore, publishFolder } from './publishFolder.ts';
import { type SavedFolder, saveFolder } from './saveFolder.ts';
import { portAccount, tellThrough } from './signerPort.ts';
import { serveTask } from './task.ts';
import type { VaultProgress } from './vaultProgress.ts';

/** Who signs what the vault sends: a key, or the page's wallet behind the port. */
export type VaultSigner = { address: Address; port: MessagePort; privateKey?: Hex | undefined };

/** What the vault is asked for: it alone meets keys and plaintext, off the page's thread. */
export type VaultInput =
  | { task: 'unseal'; account: Address; proof: DownloadProof }
  | { task: 'saveFolder'; account: Address; proof: DownloadProof; place: FileSystemDirectoryHandle | undefined }
  | { task: 'lookAtFolder'; folder: ChosenFolder }
  | { task: 'openFilesBefore'; signer: VaultSigner; assetId: number }
  | ({ task: 'publishFolder'; signer: VaultSigner } & FolderInput)
  | { task: 'model'; account: Address; jobId: Hex }
  | { task: 'checkReceipt'; jobId: Hex }
  | { task: 'readTable'; table: EvaluationTable & { kind: 'file' } }
  | { task: 'publishModel'; signer: VaultSigner; jobId: Hex; model: Blob; description: Description; validatorsMayRead: boolean }
  | { task: 'challenge'; signer: VaultSigner; jobId: Hex; /** Of every checkpoint, as computed here. */ digests: Hex[]; /** Where the bond is up already. */ challengeId?: number | undefined }
  | { task: 'publish'; signer: VaultSigner; file: File; /** What the file was when it was chosen. */ table: DescribedFile; description: Description; validatorsMayRead: boolean; /** Its key is told to everybody. */ open: boolean; statistics: StatisticsChoice; sample?: SampleChoice; /** The asset that it is the next version of. */ next?: { assetId: number } | undefined }
  | { task: 'sample'; signer: VaultSigner; file: File; description: Description; validatorsMayRead: boolean; statistics: StatisticsChoice; sample: SampleChoice; assetId: number }
  | { task: 'table'; signer: VaultSigner; table: File | (EvaluationTable & { kind: 'asset' }) }
  | { task: 'publishOnnx'; signer: VaultSigner; file: File; description: Description; validatorsMayRead: boolean; evaluation?: Evaluation; /** Of the evaluation's table. */ rows?: Blob };

/** And the node to ask, as an address: a worker does not see which one the user chose. */
export type VaultTask = VaultInput & { node: string };

export type { VaultProgress };
export type Unsealed = { file: Blob; fileName: string; mediaType: string; checks: Check[] };
export type OpenedModel = { model: Blob; receipt: Receipt };
export type Published = { assetId: number; version: number; hash: Hex };
/** What can be checked without the data, and how far to repeat the run. */
export type CheckedReceipt = { checks: Check[]; part: RunPart };
/** A table that models are measured on: how a manifest names it, and its bytes. */
export type NamedTable = { table: EvaluationTable; rows: Blob };

serveTask<VaultTask, VaultProgress, Unsealed | OpenedModel | Published | NamedTable | CheckedReceipt | LookedFolder | OpenedBefore | SavedFolder | Blob | number>(async (input, told) => {
  const calm = calmly<VaultProgress>(told);
  // Sealing is a block or two ahead of storing, which is what takes time: one stage for both.
  const report = (progress: VaultProgress): void => { if (progress.stage !== 'sealing') calm(progress); };
  if (input.task === 'sample') return { result: await giveSample(input, report) };
  if (input.task === 'publish') return { result: await publish(input, report) };
  if (input.task === 'lookAtFolder') return { result: await lookAtFolder(input.folder, report) };
  if (input.task === 'openFilesBefore') return { result: await openFilesBefore({ client: await signingClient(input), assetId: input.assetId }) };
  if (input.task === 'publishFolder') {
    const { assetId, version, hash } = await publishFolder({ client: await signingClient(input, report), input, report });
    return { result: { assetId, version, hash } };
  }
  if (input.task === 'publishOnnx') return { result: await publishOnnx(input, report) };
  if (input.task === 'table') return { result: await nameTable(input) };
  if (input.task === 'publishModel') return { result: await publishRun(input, report) };
  if (input.task === 'challenge') return { result: await challenge(input) };
  if (input.task === 'checkReceipt') return { result: await checked(input) };
  if (input.task === 'readTable') return { result: new Blob([await readEvaluationTable({ client: await createClient({ url: input.node }), table: input.table })], { type: 'text/csv' }) };
  const client = await createClient({ url: input.node, identities: browserIdentities(input.account) });
  if (input.task === 'model') {
    const { model, receipt } = await openModel({ client, jobId: input.jobId });
    return { result: { model: new Blob([model], { type: 'application/octet-stream' }), receipt } };
  }
  if (input.task === 'saveFolder') return { result: await saveFolder({ client, proof: input.proof, place: input.place, report }) };
  return { result: await unsealed({ client, proof: input.proof, report }) };
});

/** Opens what was bought. It becomes a blob while it comes: neither this worker nor the page holds it whole. */
async function unsealed({ client, proof, report }: { client: NeuroClient; proof: DownloadProof; report: (progress: VaultProgress) => void }): Promise<Unsealed> {
  report({ stage: 'opening the key', done: 0 });
  const { bytes, done, facts, manifest, badShares, fileName, mediaType } = await downloadAsset({ client, ...proof, onProgress: (progress) => report({ stage: 'unsealing', ...progress }) });
  const file = await blobOf(bytes, mediaType);
  return mainPart(client, { manifest, file, fileName, mediaType, checks: [...shareChecks(facts, badShares), ...contentChecks(facts, await done)] });
}

const signingClient = ({ node, signer: { address, port, privateKey } }: { node: string; signer: VaultSigner }, report?: (progress: VaultProgress) => void): Promise<NeuroClient> =>
  createClient({
    url: node, account: privateKey ? privateKeyToAccount(privateKey) : portAccount(port, address), identities: browserIdentities(address), onSigning: tellThrough(port),
    onRetry: ({ number, of }) => report?.({ stage: 'retrying', done: number, retry: { number, of } }),
  });

async function checked({ node, jobId }: Extract<VaultTask, { task: 'checkReceipt' }>): Promise<CheckedReceipt> {
  const { checks, part } = await checkReceipt({ client: await createClient({ url: node }), jobId });
  return { checks, part };
}

/** Seals and registers the model of a run that the account paid for. */
async function publishRun(input: Extract<VaultTask, { task: 'publishModel' }>, report: (progress: VaultProgress) => void): Promise<Published> {
  const { jobId, model, description, validatorsMayRead } = input;
  const { assetId, version, hash } = await publishModel({ client: await signingClient(input, report), jobId, model: new Uint8Array(await model.arrayBuffer()), description, validatorsMayRead, onProgress: report });
  return { assetId, version, hash };
}

/** Trees over thousands of checkpoints are hashed for each move. */
async function challenge(input: Extract<VaultTask, { task: 'challenge' }>): Promise<number> {
  const { jobId, digests } = input;
  const client = await signingClient(input);
  const { receipt, checkpoints } = await readReceipt({ client, jobId });
  const counter = counterTreeOf({ digests, count: checkpoints });
  const challengeId = input.challengeId ?? (await challengeRun({ client, jobId, counterRoot: counter.root })).challengeId;
  const sides = { receipt: receipt.body.checkpointDigests, counter: counter.digests };
  // The worker answers at the same time: who comes second finds its move made, and looks again.
  for (let tries = 1; ; tries += 1) {
    try {
      if (!(await playChallenge({ client, challengeId, ...sides }))) return challengeId;
    } catch (error) {
      if (tries >= 4) throw error;
    }
  }
}

/** What is opened of a purchase at once: the file; of a folder its main table. */
async function mainPart(client: NeuroClient, { manifest, ...read }: Unsealed & { manifest: Manifest }): Promise<Unsealed> {
  const { 'nd:folder': folder } = manifest;
  if (!folder?.main) return read;
  const { main: { path, mediaType }, files } = folder;
  const rest: Check = { name: 'Other files', status: 'not-checked', detail: `this is ${path}, one of ${files} files, which are checked when the whole folder is saved`, by: 'nobody here' };
  const main = await openMainTable({ storage: client.storage, manifest, content: new Uint8Array(await read.file.arrayBuffer()) });
  return { file: new Blob([main], { type: mediaType }), fileName: path.split('/').at(-1) ?? path, mediaType, checks: [...read.checks, ...(files > 1 ? [rest] : [])] };
}

/** A file is only named; a dataset of the market is bought for nothing, and opened. */
async function nameTable(input: Extract<VaultTask, { task: 'table' }>): Promise<NamedTable> {
  const { table } = input;
  if (!(table instanceof File)) return { table, rows: new Blob([await readEvaluationTable({ client: await signingClient(input), table })]) };
  return { table: await describeEvaluationTable({ bytes: new Uint8Array(await table.arrayBuffer()), fileName: table.name }), rows: table };
}

/** Seals and registers an ONNX model with what is claimed of it; a table that is published along is stored for everybody first. */
async function publishOnnx(input: Extract<VaultTask, { task: 'publishOnnx' }>, report: (progress: VaultProgress) => void): Promise<Published> {
  const { file, description, validatorsMayRead, evaluation, rows } = input;
  const client = await signingClient(input, report);
  if (rows && evaluation?.table.kind === 'file') await client.storage.addFile({ content: pieces(rows) });
  const { assetId, version, hash } = await publishAsset({
    client, kind: 'model', description, validatorsMayRead, content: () => pieces(file), size: file.size, fileName: file.name, mediaType: ONNX_MEDIA_TYPE,
    ...(evaluation ? { evaluation } : {}), onProgress: report,
  });
  return { assetId, version, hash };
}

/** Nothing is sent that the node has already of an attempt that broke off. */
async function publish(input: Extract<VaultTask, { task: 'publish' }>, report: (progress: VaultProgress) => void): Promise<Published> {
  const { file, description, validatorsMayRead, open, statistics, sample, table, next } = input;
  const client = await signingClient(input, report);
  const { kind } = await identifyContent(contentOfFile(file));
  if (kind !== 'table') throw new NeuroError(`The file is ${kind === 'archive' ? 'an archive' : `a single ${kind}`}: what is published here is a table.`, { code: 'BAD_INPUT', remedy: 'Choose CSV, JSON, NDJSON, Parquet or Arrow, or a folder; archives are published from the command line.' });
  const described = await describeTable({ file, table, statistics, sample });
  const unfinished = unfinishedSeal(input.signer.address);
  const said = {
    client, description, validatorsMayRead, open, ...described,
    content: () => pieces(file),
    size: file.size, fileName: file.name,
    repeatable: { seed: await unfinished.seedFor(table.sha256), sha256: table.sha256 },
    onProgress: report,
  };
  const { assetId, version, hash } = await (next ? publishVersion({ ...said, assetId: next.assetId }) : publishAsset({ ...said, kind: 'dataset' })).catch(async (error: unknown) => {
    // Another file under the same digest: its seed is of no use to anybody.
    if (error instanceof NeuroError && error.code === 'CONFLICT') await unfinished.forget().catch(() => undefined);
    throw error;
  });
  // Registered is registered, whether or not the browser forgets.
  await unfinished.forget().catch(() => undefined);
  return { assetId, version, hash };
}

/** Publishes a few rows of a dataset that the account owns as its free sample; gives the sample's asset. */
async function giveSample(input: Extract<VaultTask, { task: 'sample' }>, report: (progress: VaultProgress) => void): Promise<number> {
  const { file, description, validatorsMayRead, statistics, sample, assetId } = input;
  report({ stage: 'sampling', done: 0 });
  const client = await signingClient(input, report);
  const { bytes: table } = await sampleStream(() => pieces(file), sample, contentOfFile(file));
  const { rows, columns, format } = await profileTable(table);
  const { sampleAssetId } = await publishSample({
    client, assetId, description, table, mediaType: tableMediaTypes[format], rows, columns: describeColumns({ rows, columns, choice: statistics }),
    ...(sample.seed === undefined ? {} : { seed: sample.seed }), fileName: file.name, validatorsMayRead,
  });
  return sampleAssetId;
}
