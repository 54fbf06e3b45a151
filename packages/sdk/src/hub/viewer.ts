import { type AssetDto, type Manifest, type ManifestColumn, type VersionDto, clearSizeOf, findRevision, folderFilesOf } from '@neurodata/protocol';
import { HubError } from './HubError.ts';
import type { HubData, HubSource } from './HubSource.ts';
import type { HubTables, TableQuestion } from './HubTables.ts';
import { PARQUET_PATH, parquetFile, parquetUrl, tableOf } from './parquetFile.ts';
import { isReadAsText, readRows } from './readRows.ts';
import { DEFAULT_CONFIG, type ViewerTable, viewerTables } from './viewerTables.ts';

/** Answers one of the viewer's routes. */
export type Viewer = (route: string, query: URLSearchParams) => Promise<unknown>;

export const viewerRoutes: readonly string[] = ['is-valid', 'splits', 'size', 'statistics', 'first-rows', 'rows', 'search', 'filter', 'parquet'];

const SPLIT = 'train';
const PAGE = 100;

type Repo = { asset: AssetDto; version: VersionDto };
export type ViewerParameters = { source: HubSource; tables: HubTables; /** Where clients reach this hub. */ origin(): string };
type Viewed = ViewerParameters & Repo & { name: string; manifest: Manifest; /** The one that is asked, and all. */ table: ViewerTable; all: readonly ViewerTable[] };

/** The dataset viewer's routes; each table of a folder that its manifest tells of is a subset (`config`). Statistics are what the publisher told and validators compared; rows are read for whom the source opens the file. */
export function createViewer(parameters: ViewerParameters & { findRepo(name: string): Promise<Repo> }): Viewer {
  const { findRepo, ...parts } = parameters;
  const { source } = parts;
  const answers: Record<string, (viewed: Viewed, query: URLSearchParams) => unknown> = { 'is-valid': isValid, splits, size, statistics, 'first-rows': firstRows, rows, search, filter, parquet };
  return async (route, query) => {
    const name = query.get('dataset') ?? '';
    if (name === '') throw missing('dataset', 'assets/12');
    const split = query.get('split');
    if (split !== null && split !== SPLIT) throw new HubError(`The only split is ${SPLIT}.`, { status: 404, code: 'EntryNotFound' });
    const repo = await findRepo(name);
    const { manifest } = await source.readManifest(repo.version);
    const all = viewerTables(manifest);
    const wanted = query.get('config') ?? DEFAULT_CONFIG;
    const table = all.find(({ config }) => config === wanted);
    if (!table) throw new HubError(`There is no config ${wanted.slice(0, 200)}; there ${all.length === 1 ? 'is' : 'are'} ${all.slice(0, 20).map(({ config }) => config).join(', ')}.`, { status: 404, code: 'EntryNotFound' });
    return answers[route]?.({ ...repo, ...parts, name, manifest, table, all }, query);
  };
}

const missing = (parameter: string, example: string): HubError => new HubError(`Parameter '${parameter}' is required: ?${parameter}=${example}.`, { status: 422, code: 'MissingRequiredParameter' });

const done = { pending: [], failed: [] };

async function isValid(viewed: Viewed): Promise<object> {
  const { source, asset, version, manifest, table: { inside } } = viewed;
  const full = await source.openData({ asset, version, manifest, ...(inside === undefined ? {} : { path: inside }) }).then(() => true, () => false);
  const preview = full || await openRows(viewed).then(() => true, () => false);
  return { preview, viewer: full, search: preview, filter: preview, statistics: viewed.all.some(({ columns }) => columns.some(({ statistics: told }) => told !== undefined)) };
}

function splits({ name, all }: Viewed): object {
  return { splits: all.map(({ config }) => ({ dataset: name, config, split: SPLIT })), ...done };
}

async function size({ name, manifest, source, all }: Viewed): Promise<object> {
  const sealed = new Map(folderFilesOf(manifest).map((file) => [file.path, file.sealedSize]));
  const main = await source.sizeOf(manifest);
  const counts = all.map(({ config, inside, rows: count = 0, columns }) => ({ config, num_bytes_original_files: inside === undefined ? main : (clearSizeOf(sealed.get(inside) ?? 0) ?? 0), num_rows: count, num_columns: columns.length }));
  const sum = (field: 'num_bytes_original_files' | 'num_rows'): number => counts.reduce((total, one) => total + one[field], 0);
  const dataset = { dataset: name, num_bytes_original_files: sum('num_bytes_original_files'), num_rows: sum('num_rows'), num_columns: counts[0]?.num_columns ?? 0 };
  return { size: { dataset, configs: counts.map((one) => ({ dataset: name, ...one })), splits: counts.map(({ config, ...rest }) => ({ dataset: name, config, split: SPLIT, ...rest })) }, ...done, partial: false };
}

function statistics({ table: { rows: count, columns } }: Viewed): object {
  if (count === undefined) throw new HubError('Its publisher told no statistics.', { status: 404, code: 'EntryNotFound' });
  return { num_examples: count, statistics: columns.map((column) => columnStatistics(column, count)), partial: false };
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
  return { dataset: viewed.name, config: viewed.table.config, split: SPLIT, features, rows: all, truncated, ...(sample ? { sample } : {}) };
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
  const { features, rows: found, total } = await viewed.tables.select(tableOf(opened, opened.data, viewed.table.inside), question);
  return { features, rows: found.map(({ index, row }) => ({ row_idx: index, row, truncated_cells: [] })), num_rows_total: total, num_rows_per_page: PAGE, ...partOf({ sample }) };
}

async function parquet(viewed: Viewed): Promise<object> {
  const { size: bytes } = await parquetFile(viewed);
  const { config } = viewed.table;
  const file = { dataset: viewed.name, config, split: SPLIT, url: parquetUrl(viewed.origin(), viewed.asset, config), filename: PARQUET_PATH.split('/').at(-1), size: bytes };
  return { parquet_files: [file], ...done, partial: false };
}

type Opened = Repo & { data: HubData; table: ViewerTable; sample: boolean };

/** The table that is asked; of the main one that of its sample where the file is not for this caller. Throws why it is not. */
async function openRows({ source, asset, version, manifest, table }: Viewed): Promise<Opened> {
  const { inside } = table;
  try {
    return { asset, version, data: await source.openData({ asset, version, manifest, ...(inside === undefined ? {} : { path: inside }) }), table, sample: false };
  } catch (refused) {
    const sample = asset.sampleAssetId === undefined || inside !== undefined ? undefined : await source.findAsset(asset.sampleAssetId);
    const shown = sample && findRevision(sample.versions, 'main');
    if (!sample || !shown || !(refused instanceof HubError)) throw refused;
    const described = (await source.readManifest(shown)).manifest;
    const data = await source.openData({ asset: sample, version: shown, manifest: described }).catch(() => { throw refused; });
    return { asset: sample, version: shown, data, table: viewerTables(described)[0], sample: true };
  }
}

async function readPage(viewed: Viewed, page: { offset: number; length: number }) {
  const { data, table: { inside, path, mediaType, rows: count, columns: told }, sample, ...opened } = await openRows(viewed);
  if (!isReadAsText({ path, mediaType })) {
    const { features, rows: found, total } = await viewed.tables.select(tableOf(opened, data, inside), page);
    return { features, rows: found.map(({ index, row }) => ({ row_idx: index, row, truncated_cells: [] })), truncated: page.offset + found.length < total || sample, sample, total };
  }
  const numeric = new Set(told.filter(({ kind }) => kind === 'numeric').map(({ name }) => name));
  const { columns, records, more } = await readRows({ data, path, mediaType, numeric, ...page });
  return {
    features: columns.map((name, index) => ({ feature_idx: index, name, type: { dtype: numeric.has(name) ? 'float64' : 'string', _type: 'Value' } })),
    rows: records.map((row, index) => ({ row_idx: page.offset + index, row, truncated_cells: [] })), truncated: more || sample, sample, total: count,
  };
}
