import { type SampleChoice, profileTable, sampleTable, tableMediaTypes } from '@neurodata/engine';
import { type Description, type Evaluation, type EvaluationTable, NeuroError, ONNX_MEDIA_TYPE, type Receipt, type StatisticsChoice, describeColumns } from '@neurodata/protocol';
import { type Check, type DownloadProof, type NeuroClient, contentOf, createClient, describeEvaluationTable, identifyContent, openModel, publishAsset, publishSample, readAsset, readEvaluationTable } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { nodeUrl } from '../client/nodeUrl.ts';
import { browserIdentities } from '../client/identities.ts';
import { portAccount, tellThrough } from './signerPort.ts';
import { serveTask } from './task.ts';

/** Who signs what the vault sends: a key, or the page's wallet behind the port. */
export type VaultSigner = { address: Address; port: MessagePort; privateKey?: Hex | undefined };

/** What the vault is asked for: it alone meets keys and plaintext, off the page's thread. */
export type VaultInput =
  | { task: 'unseal'; account: Address; proof: DownloadProof }
  | { task: 'model'; account: Address; jobId: Hex }
  | { task: 'publish'; signer: VaultSigner; file: File; description: Description; validatorsMayRead: boolean; statistics: StatisticsChoice; sample?: SampleChoice }
  | { task: 'sample'; signer: VaultSigner; file: File; description: Description; validatorsMayRead: boolean; statistics: StatisticsChoice; sample: SampleChoice; assetId: number }
  | { task: 'table'; signer: VaultSigner; table: File | (EvaluationTable & { kind: 'asset' }) }
  | { task: 'publishOnnx'; signer: VaultSigner; file: File; description: Description; validatorsMayRead: boolean; evaluation?: Evaluation; /** Of the evaluation's table. */ rows?: Uint8Array };

export type VaultProgress = { stage: string; done: number; total?: number };
export type Unsealed = { bytes: Uint8Array<ArrayBuffer>; fileName: string; mediaType: string; checks: Check[] };
export type OpenedModel = { model: Uint8Array<ArrayBuffer>; receipt: Receipt };
export type Published = { assetId: number; version: number; hash: Hex };
/** A table that models are measured on: how a manifest names it, and its bytes. */
export type NamedTable = { table: EvaluationTable; rows: Uint8Array<ArrayBuffer> };

serveTask<VaultInput, VaultProgress, Unsealed | OpenedModel | Published | NamedTable | number>(async (input, report) => {
  if (input.task === 'sample') return { result: await giveSample(input, report) };
  if (input.task === 'publish') return { result: await publish(input, report) };
  if (input.task === 'publishOnnx') return { result: await publishOnnx(input, report) };
  if (input.task === 'table') return { result: await nameTable(input) };
  const client = await createClient({ url: nodeUrl, identities: browserIdentities(input.account) });
  if (input.task === 'model') {
    const { model, receipt } = await openModel({ client, jobId: input.jobId });
    return { result: { model, receipt }, transfer: [model.buffer] };
  }
  report({ stage: 'opening the key', done: 0 });
  const read = await readAsset({ client, ...input.proof, onProgress: ({ done, total }) => report({ stage: 'unsealing', done, total }) });
  return { result: read, transfer: [read.bytes.buffer] };
});

const signingClient = ({ address, port, privateKey }: VaultSigner): Promise<NeuroClient> =>
  createClient({ url: nodeUrl, account: privateKey ? privateKeyToAccount(privateKey) : portAccount(port, address), identities: browserIdentities(address), onSigning: tellThrough(port) });

/** A file is only named; a dataset of the market is bought for nothing, and opened. */
async function nameTable(input: Extract<VaultInput, { task: 'table' }>): Promise<NamedTable> {
  const { table } = input;
  if (!(table instanceof File)) return { table, rows: await readEvaluationTable({ client: await signingClient(input.signer), table }) };
  const rows = new Uint8Array(await table.arrayBuffer());
  return { table: await describeEvaluationTable({ bytes: rows, fileName: table.name }), rows };
}

/** Seals and registers an ONNX model with what is claimed of it; a table that is published along is stored for everybody first. */
async function publishOnnx(input: Extract<VaultInput, { task: 'publishOnnx' }>, report: (progress: VaultProgress) => void): Promise<Published> {
  const { file, description, validatorsMayRead, evaluation, rows } = input;
  const client = await signingClient(input.signer);
  if (rows && evaluation?.table.kind === 'file') await client.storage.addFile({ content: once(rows) });
  const { assetId, version, hash } = await publishAsset({
    client, kind: 'model', description, validatorsMayRead, content: () => pieces(file), size: file.size, fileName: file.name, mediaType: ONNX_MEDIA_TYPE,
    ...(evaluation ? { evaluation } : {}), onProgress: report,
  });
  return { assetId, version, hash };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function publish(input: Extract<VaultInput, { task: 'publish' }>, report: (progress: VaultProgress) => void): Promise<Published> {
  const { file, description, validatorsMayRead, statistics, sample } = input;
  const client = await signingClient(input.signer);
  report({ stage: 'describing columns', done: 0 });
  const table = new Uint8Array(await file.arrayBuffer());
  const { kind } = await identifyContent(contentOf(table));
  if (kind !== 'table') throw new NeuroError(`The file is ${kind === 'archive' ? 'an archive' : `a single ${kind}`}: what is published here is a table.`, { code: 'BAD_INPUT', remedy: 'Choose CSV, JSON, NDJSON, Parquet or Arrow; archives and models are published from the command line.' });
  const { rows, columns, format } = await profileTable(table);
  // Drawn before anything is sent: a sample that is too large is a mistake.
  if (sample) await sampleTable(table, sample);
  const { assetId, version, hash } = await publishAsset({
    client, kind: 'dataset', description, validatorsMayRead, rows,
    columns: describeColumns({ rows, columns, choice: statistics }),
    content: () => pieces(file),
    size: file.size, fileName: file.name, mediaType: tableMediaTypes[format],
    onProgress: report,
  });
  return { assetId, version, hash };
}

/** Publishes a few rows of a dataset that the account owns as its free sample; gives the sample's asset. */
async function giveSample(input: Extract<VaultInput, { task: 'sample' }>, report: (progress: VaultProgress) => void): Promise<number> {
  const { file, description, validatorsMayRead, statistics, sample, assetId } = input;
  report({ stage: 'sampling', done: 0 });
  const client = await signingClient(input.signer);
  const { bytes: table } = await sampleTable(new Uint8Array(await file.arrayBuffer()), sample);
  const { rows, columns, format } = await profileTable(table);
  const { sampleAssetId } = await publishSample({
    client, assetId, description, table, mediaType: tableMediaTypes[format], rows, columns: describeColumns({ rows, columns, choice: statistics }),
    ...(sample.seed === undefined ? {} : { seed: sample.seed }), fileName: file.name, validatorsMayRead,
  });
  return sampleAssetId;
}

/** A file's bytes in pieces. Streams are not iterable in every browser. */
async function* pieces(file: File): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}
