import { type AssetDto, type Manifest, type ManifestColumn, type VersionDto, findRevision, mainFileOf } from '@neurodata/protocol';
import { HubError } from './HubError.ts';
import type { HubData, HubSource } from './HubSource.ts';
import { dataPathOf } from './hubFiles.ts';
import { readRows } from './readRows.ts';

/** Answers one of the viewer's routes. */
export type Viewer = (route: string, query: URLSearchParams) => Promise<unknown>;

export const viewerRoutes: readonly string[] = ['is-valid', 'splits', 'size', 'statistics', 'first-rows', 'rows'];

const [CONFIG, SPLIT] = ['default', 'train'];
const PAGE = 100;

type Repo = { asset: AssetDto; version: VersionDto };
type Viewed = Repo & { name: string; manifest: Manifest; source: HubSource };

/** The dataset viewer's routes. Statistics are what the publisher told and validators compared; rows are read for whom the source opens the file. */
export function createViewer(parameters: { source: HubSource; findRepo(name: string): Promise<Repo> }): Viewer {
  const { source, findRepo } = parameters;
  const answers: Record<string, (viewed: Viewed, query: URLSearchParams) => unknown> = { 'is-valid': isValid, splits, size, statistics, 'first-rows': firstRows, rows };
  return async (route, query) => {
    const name = query.get('dataset') ?? '';
    if (name === '') throw new HubError('The query must name a dataset: ?dataset=assets/12.', { status: 422, code: 'BadRequest' });
    for (const [field, only] of [['config', CONFIG], ['split', SPLIT]] as const) {
      const said = query.get(field);
      if (said !== null && said !== only) throw new HubError(`The only ${field} is ${only}.`, { status: 404, code: 'EntryNotFound' });
    }
    const repo = await findRepo(name);
    const { manifest } = await source.readManifest(repo.version);
    return answers[route]?.({ ...repo, name, manifest, source }, query);
  };
}

const columnsOf = (manifest: Manifest): ManifestColumn[] => manifest['nd:columns'] ?? [];
const done = { pending: [], failed: [] };

async function isValid(viewed: Viewed): Promise<object> {
  const { source, asset, version, manifest } = viewed;
  const full = await source.openData({ asset, version, manifest }).then(() => true, () => false);
  const preview = full || await openRows(viewed).then(() => true, () => false);
  return { preview, viewer: full, search: false, filter: false, statistics: columnsOf(manifest).some(({ statistics: told }) => told !== undefined) };
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
  const [offset, length] = [Number(query.get('offset') ?? 0), Number(query.get('length') ?? PAGE)];
  if (![offset, length].every((value) => Number.isSafeInteger(value) && value >= 0) || length > PAGE) throw new HubError(`offset and length are whole numbers, length at most ${PAGE}.`, { status: 422, code: 'BadRequest' });
  const page = await readPage(viewed, { offset, length });
  return { features: page.features, rows: page.rows, num_rows_total: page.total ?? offset + page.rows.length, num_rows_per_page: PAGE, partial: page.sample, ...(page.sample ? { sample: true } : {}) };
}

/** The version's file, or that of its sample where the file is not for this caller. Throws why it is not. */
async function openRows(viewed: Viewed): Promise<{ data: HubData; manifest: Manifest; sample: boolean }> {
  const { source, asset, version, manifest } = viewed;
  try {
    return { data: await source.openData({ asset, version, manifest }), manifest, sample: false };
  } catch (refused) {
    const sample = asset.sampleAssetId === undefined ? undefined : await source.findAsset(asset.sampleAssetId);
    const shown = sample && findRevision(sample.versions, 'main');
    if (!sample || !shown || !(refused instanceof HubError)) throw refused;
    const described = (await source.readManifest(shown)).manifest;
    const data = await source.openData({ asset: sample, version: shown, manifest: described }).catch(() => { throw refused; });
    return { data, manifest: described, sample: true };
  }
}

async function readPage(viewed: Viewed, page: { offset: number; length: number }) {
  const { data, manifest, sample } = await openRows(viewed);
  const numeric = new Set(columnsOf(manifest).filter(({ kind }) => kind === 'numeric').map(({ name }) => name));
  const { columns, records, more } = await readRows({ data, path: dataPathOf(manifest) ?? '', mediaType: mainFileOf(manifest)?.mediaType ?? '', numeric, ...page });
  return {
    features: columns.map((name, index) => ({ feature_idx: index, name, type: { dtype: numeric.has(name) ? 'float64' : 'string', _type: 'Value' } })),
    rows: records.map((row, index) => ({ row_idx: page.offset + index, row, truncated_cells: [] })), truncated: more || sample, sample, total: manifest['nd:rows'],
  };
}
