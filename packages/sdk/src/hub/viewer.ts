import { type AssetDto, type Manifest, type ManifestColumn, type VersionDto, findRevision, mainFileOf } from '@neurodata/protocol';
import { HubError } from './HubError.ts';
import type { HubData, HubSource } from './HubSource.ts';
import { dataPathOf } from './hubFiles.ts';
import type { HubTables, TableQuestion } from './HubTables.ts';
import { PARQUET_PATH, parquetFile, parquetUrl, tableOf } from './parquetFile.ts';
import { isReadAsText, readRows } from './readRows.ts';

/** Answers one of the viewer's routes. */
export type Viewer = (route: string, query: URLSearchParams) => Promise<unknown>;

export const viewerRoutes: readonly string[] = ['is-valid', 'splits', 'size', 'statistics', 'first-rows', 'rows', 'search', 'filter', 'parquet'];

const [CONFIG, SPLIT] = ['default', 'train'];
const PAGE = 100;

type Repo = { asset: AssetDto; version: VersionDto };
export type ViewerParameters = { source: HubSource; tables: HubTables; /** Where clients reach this hub. */ origin(): string };
type Viewed = ViewerParameters & Repo & { name: string; manifest: Manifest };

/** The dataset viewer's routes. Statistics are what the publisher told and validators compared; rows are read for whom the source opens the file. */
export function createViewer(parameters: ViewerParameters & { findRepo(name: string): Promise<Repo> }): Viewer {
  const { findRepo, ...parts } = parameters;
  const { source } = parts;
  const answers: Record<string, (viewed: Viewed, query: URLSearchParams) => unknown> = { 'is-valid': isValid, splits, size, statistics, 'first-rows': firstRows, rows, search, filter, parquet };
  return async (route, query) => {
    const name = query.get('dataset') ?? '';
    if (name === '') throw missing('dataset', 'assets/12');
    for (const [field, only] of [['config', CONFIG], ['split', SPLIT]] as const) {
      const said = query.get(field);
      if (said !== null && said !== only) throw new HubError(`The only ${field} is ${only}.`, { status: 404, code: 'EntryNotFound' });
    }
    const repo = await findRepo(name);
    const { manifest } = await source.readManifest(repo.version);
    return answers[route]?.({ ...repo, ...parts, name, manifest }, query);
  };
}

const missing = (parameter: string, example: string): HubError => new HubError(`Parameter '${parameter}' is required: ?${parameter}=${example}.`, { status: 422, code: 'MissingRequiredParameter' });

const columnsOf = (manifest: Manifest): ManifestColumn[] => manifest['nd:columns'] ?? [];
const done = { pending: [], failed: [] };

async function isValid(viewed: Viewed): Promise<object> {
  const { source, asset, version, manifest } = viewed;
  const full = await source.openData({ asset, version, manifest }).then(() => true, () => false);
  const preview = full || await openRows(viewed).then(() => true, () => false);
  return { preview, viewer: full, search: preview, filter: preview, statistics: columnsOf(manifest).some(({ statistics: told }) => told !== undefined) };
}

function splits({ name }: Viewed): object {
  return { splits: [{ dataset: name, config: CONFIG, split: SPLIT }], ...done };
}

async function size({ name, manifest, source }: Viewed): Promise<object> {
  const bytes = await source.sizeOf(manifest);
  const rowCount = manifest['nd:rows'] ?? 0;
  const counts = { num_bytes_original_files: bytes, num_rows: rowCount, num_columns: columnsOf(manifest).length };
  return { size: { dataset: { dataset: name, ...counts }, configs: [{ dataset: name, config: CONFIG, ...counts }], splits: [{ dataset: name, config: CONFIG, split: SPLIT, ...counts }] }, ...done, partial: false };
}

function statistics({ manifest }: Viewed): object {
  const count = manifest['nd:rows'];
  if (count === undefined) throw new HubError('Its publisher told no statistics.', { status: 404, code: 'EntryNotFound' });
  return { num_examples: count, statistics: columnsOf(manifest).map((column) => columnStatistics(column, count)), partial: false };
}

/** Figures as they were told: rounded, none finer than the publisher chose. */
function columnStatistics({ name, kind, missing, distinct, statistics: told }: ManifestColumn, count: number): object {
  const common = { nan_count: missing, nan_proportion: count === 0 ? 0 : missing / count, n_unique: distinct };
  if (told && 'step' in told) {
    const { min, max, mean, deviation, quartiles, step, histogram: buckets } = told;
    const histogram = buckets ? { hist: buckets.shares.map((share) => Math.round(share * (count - missing))), bin_edges: buckets.edges } : null;
    return { column_name: name, column_type: 'float', column_statistics: { ...common, min, max, mean, median: quartiles[1], std: deviation ?? null, histogram, rounded_to: step } };
  }
  const frequencies = told ? Object.fromEntries(told.top.map(({ value, share }) => [value, Math.round(share * (count - missing))])) : null;
  return { column_name: name, column_type: kind === 'numeric' ? 'float' : 'string_label', column_statistics: { ...common, no_label_count: 0, no_label_proportion: 0, frequencies } };
}

async function firstRows(viewed: Viewed): Promise<object> {
  const { features, rows: all, truncated, sample } = await readPage(viewed, { offset: 0, length: PAGE });
  return { dataset: viewed.name, config: CONFIG, split: SPLIT, features, rows: all, truncated, ...(sample ? { sample } : {}) };
}

async function rows(viewed: Viewed, query: URLSearchParams): Promise<object> {
  const { offset, length } = sliceOf(query);
  const page = await readPage(viewed, { offset, length });
  return { features: page.features, rows: page.rows, num_rows_total: page.total ?? offset + page.rows.length, num_rows_per_page: PAGE, ...partOf(page) };
}

/** What was asked of a sample is marked, so that nobody takes it for the whole. */
const partOf = ({ sample }: { sample: boolean }): object => ({ partial: sample, ...(sample ? { sample: true } : {}) });

function sliceOf(query: URLSearchParams): { offset: number; length: number } {
  const [offset, length] = [Number(query.get('offset') ?? 0), Number(query.get('length') ?? PAGE)];
  if (![offset, length].every((value) => Number.isSafeInteger(value) && value >= 0) || length > PAGE) throw new HubError(`Parameters 'offset' and 'length' are whole numbers, 'length' at most ${PAGE}.`, { status: 422, code: 'InvalidParameter' });
  return { offset, length };
}

async function search(viewed: Viewed, query: URLSearchParams): Promise<object> {
  const words = query.get('query') ?? '';
  if (words === '') throw missing('query', 'adelie');
  return select(viewed, { words, ...sliceOf(query) });
}

async function filter(viewed: Viewed, query: URLSearchParams): Promise<object> {
  const [where, orderBy] = [query.get('where') ?? '', query.get('orderby') ?? ''];
  if (where === '' && orderBy === '') throw missing('where', 'mass>4000');
  return select(viewed, { ...(where === '' ? {} : { where }), ...(orderBy === '' ? {} : { orderBy }), ...sliceOf(query) });
}

async function select(viewed: Viewed, question: TableQuestion): Promise<object> {
  const { sample, ...opened } = await openRows(viewed);
  const { features, rows: found, total } = await viewed.tables.select(tableOf(opened, opened.data), question);
  return { features, rows: found.map(({ index, row }) => ({ row_idx: index, row, truncated_cells: [] })), num_rows_total: total, num_rows_per_page: PAGE, ...partOf({ sample }) };
}

async function parquet(viewed: Viewed): Promise<object> {
  const { size: bytes } = await parquetFile(viewed);
  const file = { dataset: viewed.name, config: CONFIG, split: SPLIT, url: parquetUrl(viewed.origin(), viewed.asset), filename: PARQUET_PATH.split('/').at(-1), size: bytes };
  return { parquet_files: [file], ...done, partial: false };
}

/** The version's file, or that of its sample where the file is not for this caller. Throws why it is not. */
async function openRows(viewed: Viewed): Promise<Repo & { data: HubData; manifest: Manifest; sample: boolean }> {
  const { source, asset, version, manifest } = viewed;
  try {
    return { asset, version, data: await source.openData({ asset, version, manifest }), manifest, sample: false };
  } catch (refused) {
    const sample = asset.sampleAssetId === undefined ? undefined : await source.findAsset(asset.sampleAssetId);
    const shown = sample && findRevision(sample.versions, 'main');
    if (!sample || !shown || !(refused instanceof HubError)) throw refused;
    const described = (await source.readManifest(shown)).manifest;
    const data = await source.openData({ asset: sample, version: shown, manifest: described }).catch(() => { throw refused; });
    return { asset: sample, version: shown, data, manifest: described, sample: true };
  }
}

async function readPage(viewed: Viewed, page: { offset: number; length: number }) {
  const { data, manifest, sample, ...opened } = await openRows(viewed);
  const file = { path: dataPathOf(manifest) ?? '', mediaType: mainFileOf(manifest)?.mediaType ?? '' };
  if (!isReadAsText(file)) {
    const { features, rows: found, total } = await viewed.tables.select(tableOf(opened, data), page);
    return { features, rows: found.map(({ index, row }) => ({ row_idx: index, row, truncated_cells: [] })), truncated: page.offset + found.length < total || sample, sample, total };
  }
  const numeric = new Set(columnsOf(manifest).filter(({ kind }) => kind === 'numeric').map(({ name }) => name));
  const { columns, records, more } = await readRows({ data, ...file, numeric, ...page });
  return {
    features: columns.map((name, index) => ({ feature_idx: index, name, type: { dtype: numeric.has(name) ? 'float64' : 'string', _type: 'Value' } })),
    rows: records.map((row, index) => ({ row_idx: page.offset + index, row, truncated_cells: [] })), truncated: more || sample, sample, total: manifest['nd:rows'],
  };
}
