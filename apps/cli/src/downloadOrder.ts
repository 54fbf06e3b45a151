import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NeuroError, type OrderDto } from '@neurodata/protocol';
import { type Check, type DownloadAssetResult, type DownloadProof, type NeuroClient, checkFolder, collect, contentChecks, downloadAsset, folderFileOf, openFolderFile, openFolderOf, shareChecks } from '@neurodata/sdk';
import { isFolder } from './folder/folderSource.ts';
import { restoreFolder } from './folder/restoreFolder.ts';
import { writeSafeCsv } from './writeSafeCsv.ts';
import { writeAtomic } from './atomicFile.ts';
import { checkBuyer } from './buyAsset.ts';
import type { QueryFormat } from './commands/queries.ts';
import type { Context, Result } from './context.ts';
import { checkLines } from './output.ts';
import { extensionOf, formatOfName } from './outputFormat.ts';
import { type Progress, createProgress } from './progress.ts';
import { findOrder, findOwnOrder, findSubscription, isOpened } from './resolve.ts';

export type DownloadOptions = { asset?: number; assetVersion?: number; out?: string; force?: boolean; /** Of a folder: this one, by its path. */ file?: string; /** A copy that spreadsheets do not run. */ safeCsv?: boolean } & Selection;
/** Of a table: what of it is kept, and as what it is written. */
export type Selection = { columns?: string[]; where?: string; format?: QueryFormat; raw?: boolean };

/** Fetches, unseals and checks what an order bought; the file appears under its name only once every check has passed. */
export async function downloadOrder(context: Context, text: string | undefined, options: DownloadOptions): Promise<Result> {
  const client = await context.signer();
  const order = await chooseOrder(context, text, options, client.account.address);
  if (!isOpened(order)) throw notGranted(order);
  return download(client, { orderId: order.orderId }, options);
}

export type SubscriptionDownloadOptions = Omit<DownloadOptions, 'asset'>;

/** The same through a subscription; by default the newest version whose key it was granted. */
export async function downloadSubscription(context: Context, text: string, options: SubscriptionDownloadOptions): Promise<Result> {
  const { subscriptionId, account } = await findSubscription(context, text);
  const client = await context.signer();
  if (account.toLowerCase() !== client.account.address.toLowerCase()) throw new NeuroError(`Subscription ${subscriptionId} belongs to ${account}.`, { code: 'NOT_ENTITLED', remedy: 'Use the account that subscribed, with --as.' });
  return download(client, { subscriptionId, ...(options.assetVersion === undefined ? {} : { version: options.assetVersion }) }, options);
}

type Place = Pick<DownloadOptions, 'out' | 'file' | 'force' | 'safeCsv'> & Selection;

async function download(client: NeuroClient, proof: DownloadProof, options: Place): Promise<Result> {
  // Before the fetch: a refusal at the end would have cost the whole download.
  const sql = selectionSql(options);
  const intoFolder = sql === undefined && options.out !== undefined && (await isFolder(options.out));
  if (options.out && !intoFolder) await checkFree(options.out, options.force);
  if (sql !== undefined) return downloadSelected(client, proof, { ...options, sql });
  return withOpened(client, proof, async (opened, progress) => (opened.manifest['nd:folder'] ? restore({ client, proof, options, opened, progress }) : writeOne({ proof, options, opened })));
}

type Opened = { proof: DownloadProof; options: Place; opened: DownloadAssetResult };

async function restore({ client, proof, options, opened, progress }: Opened & { client: NeuroClient; progress: Progress }): Promise<Result> {
  const out = options.out ?? safeName(opened.fileName.replace(/\.folder\.json$/, ''));
  const { file, force } = options;
  return restoreFolder({ client, opened: await openFolderOf(opened), options: { out, ...(file === undefined ? {} : { file }), ...(force === undefined ? {} : { force }) }, progress, proof });
}

async function writeOne({ proof, options, opened }: Opened): Promise<Result> {
  if (options.file !== undefined) throw new NeuroError('This version is one file, no folder.', { code: 'BAD_INPUT', remedy: 'Leave --file out.' });
  const target = path.resolve(options.out ?? safeName(opened.fileName));
  await checkFree(target, options.force);
  const size = await writeAtomic(target, opened.bytes, 0o600);
  const { assetId, version } = opened.facts;
  const checks = await checksOf(opened);
  const safe = options.safeCsv ? await writeSafeCsv(target, (file) => checkFree(file, options.force)) : undefined;
  const value = { ...proof, assetId, version, file: target, size, checks, ...(safe ? { safeFile: safe.file, changedCells: safe.changed } : {}) };
  return { value, text: `${checkLines(checks)}\nWrote ${target} (${size} bytes)${safe ? `\nWrote ${safe.file}: ${safe.changed} cells with an apostrophe before what a spreadsheet would run` : ''}` };
}

/** What the options ask of a table, in SQL; undefined where they ask for the file as it is. */
export function selectionSql({ columns, where, format }: Selection): string | undefined {
  if (columns === undefined && where === undefined && format === undefined) return undefined;
  const list = columns?.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ') ?? '*';
  return `SELECT ${list} FROM data${where === undefined ? '' : ` WHERE (\n${where}\n)`}`;
}

/** The whole file is fetched and checked, since its digest is what was sold; what is asked for of it is written, and the rest forgotten. */
async function downloadSelected(client: NeuroClient, proof: DownloadProof, options: Place & { sql: string }): Promise<Result> {
  const { sql, raw = false, force } = options;
  const format = options.format ?? (options.out === undefined ? 'csv' : formatOfName(options.out));
  const folder = await mkdtemp(path.join(tmpdir(), 'neurodata-download-'));
  try {
    const { target: whole, checks, assetId, version } = await fetchTo(client, proof, { placeOf: (fileName) => path.join(folder, safeName(fileName)), file: options.file });
    const target = path.resolve(options.out ?? `${path.parse(whole).name}${extensionOf[format]}`);
    await checkFree(target, force);
    const { queryFile } = await import('./commands/queries.ts');
    const { rows, columns } = await queryFile({ file: whole, sql, format, raw, to: target });
    return { value: { ...proof, assetId, version, file: target, rows, columns, checks }, text: `${checkLines(checks)}\nWrote ${target} (${rows} rows, ${columns.length} columns)` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What an account has bought of an asset, fetched and checked into a folder: the file; of a folder its main table, or `file`. Throws as {@link downloadOrder}. */
export async function fetchOwned(context: Context, options: Pick<DownloadOptions, 'asset' | 'assetVersion' | 'file'>, folder: string): Promise<string> {
  const client = await context.signer();
  const { orderId } = await chooseOrder(context, undefined, options, client.account.address);
  return (await fetchTo(client, { orderId }, { placeOf: (fileName) => path.join(folder, safeName(fileName)), file: options.file })).target;
}

type Fetched = { target: string; size: number; checks: Check[]; assetId: number; version: number };

/** Fetches and unseals a table, of a folder its main one or `file`, into the file that `placeOf` names, which appears only once every check has passed. */
async function fetchTo(client: NeuroClient, proof: DownloadProof, { placeOf, file }: { placeOf: (fileName: string) => string; file: string | undefined }): Promise<Fetched> {
  return withOpened(client, proof, async (opened) => {
    const { manifest, facts: { assetId, version } } = opened;
    const isFolder = manifest['nd:folder'] !== undefined;
    const wanted = isFolder ? (file ?? manifest['nd:folder']?.main?.path) : undefined;
    if (!isFolder && file !== undefined) throw new NeuroError('This version is one file, no folder.', { code: 'BAD_INPUT', remedy: 'Leave --file out.' });
    if (isFolder && wanted === undefined) throw new NeuroError('This folder has no main table.', { code: 'BAD_INPUT', remedy: 'Name one of its files with --file.' });
    const target = placeOf(wanted ?? opened.fileName);
    const bytes = wanted === undefined ? opened.bytes : openFolderFile({ storage: client.storage, file: folderFileOf(checkFolder(manifest, await collect(opened.bytes)), wanted) });
    const size = await writeAtomic(target, bytes, 0o600);
    return { target, size, checks: await checksOf(opened), assetId, version };
  });
}

async function checksOf({ facts, badShares, done }: DownloadAssetResult): Promise<Check[]> {
  return [...shareChecks(facts, badShares), ...contentChecks(facts, await done)];
}

async function withOpened<T>(client: NeuroClient, proof: DownloadProof, use: (opened: DownloadAssetResult, progress: Progress) => Promise<T>): Promise<T> {
  const progress = createProgress('bytes');
  try {
    return await use(await downloadAsset({ client, ...proof, onProgress: ({ done, total }) => progress.update('Fetching and unsealing', done, total) }), progress);
  } finally {
    progress.stop();
  }
}

async function chooseOrder(context: Context, text: string | undefined, options: DownloadOptions, buyer: `0x${string}`): Promise<OrderDto> {
  if ((text === undefined) === (options.asset === undefined)) throw new NeuroError('Say what to download.', { code: 'BAD_INPUT', remedy: 'Give the id of an order, or the number of an asset.' });
  const numbered = text !== undefined && /^[1-9]\d{0,9}$/.test(text);
  if (text !== undefined && !numbered) {
    const order = await findOrder(context, text);
    checkBuyer(order, buyer);
    return order;
  }
  const assetId = numbered ? Number(text) : (options.asset ?? 0);
  const own = await findOwnOrder({ context, buyer, assetId, version: options.assetVersion });
  if (own) return own;
  throw new NeuroError(`This account holds no order of asset ${assetId} whose key was granted.`, { code: 'NOT_ENTITLED', remedy: `Buy it first: \`neurodata datasets buy ${assetId}\`, or \`models buy\`.` });
}

function notGranted(order: OrderDto): NeuroError {
  if (order.state === 'open') return new NeuroError('The validators have not granted the key yet.', { code: 'NOT_READY', remedy: 'Try again in a moment.', retryable: true });
  return new NeuroError(`Order ${order.orderId} is ${order.state}.`, { code: 'NOT_ENTITLED', remedy: 'Buy it again.' });
}

/** The publisher's file name without folders, hidden-file dots and control characters. */
export function safeName(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? '';
  const plain = base.replace(/[\p{Cc}\p{Cf}:*?"<>|]/gu, '_').replace(/^\.+/, '').trim();
  return plain === '' ? 'download.bin' : plain.slice(0, 200);
}

/** Throws where there is a file already, unless it may be replaced. */
export async function checkFree(file: string, force: boolean | undefined): Promise<void> {
  const known = await stat(file).catch(() => undefined);
  if (!known) return;
  if (known.isDirectory()) throw new NeuroError(`${file} is a folder.`, { code: 'BAD_INPUT', remedy: 'Give --out a file name.' });
  if (!force) throw new NeuroError(`${file} exists already.`, { code: 'CONFLICT', remedy: 'Add --force to replace it, or --out with another name.' });
}
