import { type EvaluationTable, MOST_TABLE_BYTES, NeuroError, sha256Hex } from '@neurodata/protocol';
import { readTable } from './folder/readTable.ts';
import { buyLicense } from './buyLicense.ts';
import { type NeuroClient, accountOf } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { collect } from './readSealedAsset.ts';
import { waitForGrant } from './waitForGrant.ts';

export type ReadEvaluationTableParameters = { client: NeuroClient; table: EvaluationTable; timeoutMs?: number; signal?: AbortSignal };

/**
 * The table that a model is measured on. One that was published along is read by its CID; a dataset on the market is bought
 * by the client's account, for nothing, and opened like every purchase. Throws `NOT_FOUND` where it is not offered for
 * nothing, `TOO_LARGE`, `CONTENT_MISMATCH`, `TIMEOUT`, or what the storage throws.
 */
export async function readEvaluationTable(parameters: ReadEvaluationTableParameters): Promise<Uint8Array<ArrayBuffer>> {
  const { table } = parameters;
  return table.kind === 'file' ? readFile(parameters, table) : readFree(parameters, table);
}

async function readFile({ client, signal }: ReadEvaluationTableParameters, { cid, sha256, size }: EvaluationTable & { kind: 'file' }): Promise<Uint8Array<ArrayBuffer>> {
  // Longer ones are not fetched to the end.
  const bytes = await collect(atMost(client.storage.readFile({ cid, ...(signal ? { signal } : {}) }), size)).catch((error: unknown) => { throw toNeuroError(error); });
  if (bytes.length === size && sha256Hex(bytes) === sha256.toLowerCase()) return bytes;
  throw new NeuroError(`The table ${cid} has other bytes than its manifest says.`, { code: 'CONTENT_MISMATCH', remedy: 'Do not rely on what is claimed with it.' });
}

async function readFree(parameters: ReadEvaluationTableParameters, { assetId, version }: EvaluationTable & { kind: 'asset' }): Promise<Uint8Array<ArrayBuffer>> {
  const { client, signal, timeoutMs } = parameters;
  accountOf(client);
  const { listings, versions } = await client.api.getAsset({ assetId });
  if (!versions.some((one) => one.version === version)) throw new NeuroError(`Asset ${assetId} has no version ${version}.`, { code: 'NOT_FOUND', remedy: 'Look at its versions with `datasets info`.' });
  // The node only finds it; the price is checked on chain, where nothing above 0 passes.
  const free = listings.find((one) => one.kind === 'download' && one.price === 0n && !one.retired && one.firstVersion <= version && (one.lastVersion === 0 || one.lastVersion >= version));
  if (!free) throw new NeuroError(`Version ${version} of asset ${assetId} is not offered for nothing, so not everybody can measure on it.`, { code: 'NOT_FOUND', remedy: 'Offer it at price 0, name its free sample, or publish a table along.' });
  const { orderId } = await buyLicense({ client, listingId: free.listingId, version, maxPrice: 0n });
  await waitForGrant({ client, orderId, ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(signal ? { signal } : {}) });
  const { bytes } = await readTable({ client, orderId, onProgress: ({ total }) => refuseOver(total, assetId), ...(signal ? { signal } : {}) });
  refuseOver(bytes.length, assetId);
  return bytes;
}

function refuseOver(size: number, assetId: number): void {
  if (size > MOST_TABLE_BYTES * 1.01) throw new NeuroError(`Asset ${assetId} has ${size} bytes; models are tested on at most ${MOST_TABLE_BYTES}.`, { code: 'TOO_LARGE', remedy: 'Name a smaller table.' });
}

async function* atMost(pieces: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > size) throw new NeuroError(`The table is longer than the ${size} bytes that its manifest says.`, { code: 'CONTENT_MISMATCH', remedy: 'Do not rely on what is claimed with it.' });
    yield piece;
  }
}
