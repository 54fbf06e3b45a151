import { profileCsv, profileTable, tableMediaTypes } from '@neurodata/engine';
import { type Description, NeuroError, type Receipt, type StatisticsChoice, describeColumns } from '@neurodata/protocol';
import { type Check, type DownloadProof, type NeuroClient, type SampleChoice, createClient, openModel, publishAsset, publishSample, readAsset, sampleRows } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { nodeUrl } from '../client/api.ts';
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
  | { task: 'sample'; signer: VaultSigner; file: File; description: Description; validatorsMayRead: boolean; statistics: StatisticsChoice; sample: SampleChoice; assetId: number };

export type VaultProgress = { stage: string; done: number; total?: number };
export type Unsealed = { bytes: Uint8Array<ArrayBuffer>; fileName: string; mediaType: string; checks: Check[] };
export type OpenedModel = { model: Uint8Array<ArrayBuffer>; receipt: Receipt };
export type Published = { assetId: number; version: number; hash: Hex };

serveTask<VaultInput, VaultProgress, Unsealed | OpenedModel | Published | number>(async (input, report) => {
  if (input.task === 'sample') return { result: await giveSample(input, report) };
  if (input.task === 'publish') return { result: await publish(input, report) };
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

async function publish(input: Extract<VaultInput, { task: 'publish' }>, report: (progress: VaultProgress) => void): Promise<Published> {
  const { file, description, validatorsMayRead, statistics, sample } = input;
  const client = await signingClient(input.signer);
  report({ stage: 'describing columns', done: 0 });
  const table = new Uint8Array(await file.arrayBuffer());
  const { rows, columns, format } = await profileTable(table);
  if (sample && format !== 'csv') throw new NeuroError('Samples are cut from CSV files only.', { code: 'BAD_INPUT', remedy: 'Choose no sample, or publish the table as CSV.' });
  // Drawn before anything is sent: a sample that is too large is a mistake.
  if (sample) sampleRows(table, sample);
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
  const csv = sampleRows(new Uint8Array(await file.arrayBuffer()), sample);
  const { rows, columns } = profileCsv(csv);
  const { sampleAssetId } = await publishSample({
    client, assetId, description, csv, rows, columns: describeColumns({ rows, columns, choice: statistics }),
    ...(sample.seed === undefined ? {} : { seed: sample.seed }), fileName: file.name, validatorsMayRead,
  });
  return sampleAssetId;
}

/** A file's bytes in pieces. Streams are not iterable in every browser. */
async function* pieces(file: File): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}
