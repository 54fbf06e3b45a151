import { profileCsv } from '@neurodata/engine';
import type { Description, Receipt } from '@neurodata/protocol';
import { type Check, type DownloadProof, createClient, openModel, publishAsset, readAsset } from '@neurodata/sdk';
import type { Address, Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { nodeUrl } from '../client/api.ts';
import { browserIdentities } from '../client/identities.ts';
import { serveTask } from './task.ts';

/** What the vault is asked for: it alone meets keys and plaintext, off the page's thread. */
export type VaultInput =
  | { task: 'unseal'; account: Address; proof: DownloadProof }
  | { task: 'model'; account: Address; jobId: Hex }
  | { task: 'publish'; privateKey: Hex; account: Address; file: File; description: Description; validatorsMayRead: boolean };

export type VaultProgress = { stage: string; done: number; total?: number };
export type Unsealed = { bytes: Uint8Array<ArrayBuffer>; fileName: string; mediaType: string; checks: Check[] };
export type OpenedModel = { model: Uint8Array<ArrayBuffer>; receipt: Receipt };
export type Published = { assetId: number; version: number; hash: Hex };

serveTask<VaultInput, VaultProgress, Unsealed | OpenedModel | Published>(async (input, report) => {
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

async function publish(input: Extract<VaultInput, { task: 'publish' }>, report: (progress: VaultProgress) => void): Promise<Published> {
  const { file, description, validatorsMayRead } = input;
  const client = await createClient({ url: nodeUrl, account: privateKeyToAccount(input.privateKey), identities: browserIdentities(input.account) });
  report({ stage: 'describing columns', done: 0 });
  const { rows, columns } = profileCsv(new Uint8Array(await file.arrayBuffer()));
  const { assetId, version, hash } = await publishAsset({
    client, kind: 'dataset', description, validatorsMayRead, rows,
    columns: columns.map(({ name, kind, missing, distinct }) => ({ name, kind, missing, distinct })),
    content: () => pieces(file),
    size: file.size, fileName: file.name, mediaType: file.type || 'text/csv',
    onProgress: report,
  });
  return { assetId, version, hash };
}

/** A file's bytes in pieces. Streams are not iterable in every browser. */
async function* pieces(file: File): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}
