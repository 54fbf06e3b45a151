import { walkRowDigests } from '@neurodata/engine';
import { type FolderFile, type Manifest, NeuroError, type OtherTableDiff, type TableDiff, type VersionDiff, diffFiles, diffManifests, diffOtherTables, isChanged } from '@neurodata/protocol';
import { type NeuroClient, checkFolder, collect, entitlementOf, openEntitledKey, openFolderFile, openMainTable, readSealedAsset } from '@neurodata/sdk';
import type { Context, Result } from '../context.ts';
import { clean, colours, facts, short, table } from '../output.ts';
import { parseAssetId } from '../resolve.ts';
import { readRevision } from './versionOf.ts';

export type DiffOptions = { /** Only what everybody can see. */ public?: boolean };

/** How one version differs from another: from both manifests; and, where the account may open both, their files and rows themselves. */
export async function diffVersions(context: Context, text: string, revisions: [string, string], options: DiffOptions): Promise<Result> {
  const assetId = parseAssetId(text);
  const client = await context.client();
  const asset = await context.api.getAsset({ assetId });
  const [before, after] = await Promise.all(revisions.map((revision) => readRevision(client, asset, revision)));
  if (!before || !after) throw new NeuroError('Two versions are compared.', { code: 'BAD_INPUT', remedy: 'Name both, as in `datasets diff 3 v1 v2`.' });
  const told = diffManifests(before.manifest, after.manifest);
  const opened = options.public ? undefined : await openBoth(client, assetId, [before, after].map(({ version, manifest }) => ({ version: version.version, manifest })));
  const diff = opened ? await compareOpened(client, told, opened) : told;
  const names = [before, after].map(({ version }) => version.version);
  return { value: { assetId, before: names[0], after: names[1], opened: opened !== undefined, ...diff }, text: textOf(diff, opened !== undefined) };
}

type Opened = { manifest: Manifest; files: FolderFile[]; table: Uint8Array | undefined };

/** Undefined where the account may not open both: it is asked, never paid. */
async function openBoth(client: NeuroClient, assetId: number, versions: { version: number; manifest: Manifest }[]): Promise<Opened[] | undefined> {
  const opened: Opened[] = [];
  for (const { version, manifest } of versions) {
    const entitlement = await entitlementOf({ client, assetId, version });
    if (entitlement.by === 'nothing') return undefined;
    const { secret } = await openEntitledKey({ client, assetId, version, entitlement });
    const { bytes: content } = await readSealedAsset({ client, assetId, version, secret }).finally(() => secret.fill(0));
    const { 'nd:folder': folder, 'nd:rows': rows } = manifest;
    const files = folder ? checkFolder(manifest, content).files : [];
    opened.push({ manifest, files, table: rows === undefined ? undefined : await openMainTable({ storage: client.storage, manifest, content }) });
  }
  return opened;
}

async function compareOpened(client: NeuroClient, told: VersionDiff, [before, after]: Opened[]): Promise<VersionDiff> {
  if (!before || !after) return told;
  const areFolders = before.files.length > 0 && after.files.length > 0;
  const files = areFolders ? diffFiles(digests(before), digests(after), true) : told.files;
  const rows = before.table && after.table ? { ...told.rows, ...(await diffRows(before.table, after.table)) } : told.rows;
  return { ...told, files, rows, tables: areFolders ? await compareTables(client, diffOtherTables(before.manifest, after.manifest, files), [before, after]) : told.tables };
}

const digests = ({ files }: Opened): { path: string; digest: string }[] => files.map(({ path, sha256 }) => ({ path, digest: sha256 }));

/** Opens other tables of which both versions tell and whose files are not the same, one after the other; those that differ in anything. */
async function compareTables(client: NeuroClient, tables: readonly OtherTableDiff[], [before, after]: [Opened, Opened]): Promise<OtherTableDiff[]> {
  const open = (file: FolderFile): Promise<Uint8Array> => collect(openFolderFile({ storage: client.storage, file }));
  const compared: OtherTableDiff[] = [];
  for (const told of tables) {
    const [old, now] = [before.files.find(({ path }) => path === (told.from ?? told.path)), after.files.find(({ path }) => path === told.path)];
    const { rows } = told;
    const isOther = old && now && old.sha256 !== now.sha256 && rows.before !== null && rows.after !== null;
    compared.push(isOther ? { ...told, rows: { ...rows, ...(await diffRows(await open(old), await open(now))) } } : told);
  }
  return compared.filter(isChanged);
}

/** Rows of each table that the other one lacks, as often as it lacks them; their order does not count. */
export async function diffRows(before: Uint8Array, after: Uint8Array): Promise<{ added: number; removed: number }> {
  const counts = new Map<string, number>();
  await walkRowDigests(before, (low, high) => void counts.set(`${low} ${high}`, (counts.get(`${low} ${high}`) ?? 0) + 1));
  let added = 0;
  await walkRowDigests(after, (low, high) => {
    const key = `${low} ${high}`;
    const left = counts.get(key) ?? 0;
    if (left === 0) added += 1;
    else if (left === 1) counts.delete(key);
    else counts.set(key, left - 1);
  });
  return { added, removed: [...counts.values()].reduce((sum, left) => sum + left, 0) };
}

const SHOWN = 40;

function textOf({ files, tables, ...main }: VersionDiff, opened: boolean): string {
  const list = [
    ...files.added.map((path) => colours.green(`+ ${clean(path)}`)), ...files.removed.map((path) => colours.red(`- ${clean(path)}`)),
    ...files.moved.map(({ from, to }) => `> ${clean(from)} is ${clean(to)} now`), ...files.changed.map((path) => colours.yellow(`~ ${clean(path)}${files.exact ? '' : ' (or only sealed anew)'}`)),
  ];
  return [
    facts([
      ['Files', `${files.added.length} added, ${files.removed.length} removed, ${files.changed.length} changed, ${files.moved.length} moved, ${files.unchanged.length} unchanged`],
      ['Rows', rowsText(main)], ['Compared', opened ? 'the files and rows themselves' : 'what both manifests tell'],
    ]),
    ...shown(list), ...tableText(main),
    ...tables.flatMap((other) => [facts([['Table', `${clean(other.path)}${other.from === undefined ? '' : `, was ${clean(other.from)}`}`], ['Rows', rowsText(other)]]), ...tableText(other)]),
  ].join('\n\n');
}

function shown(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [[...lines.slice(0, SHOWN), ...(lines.length > SHOWN ? [`and ${lines.length - SHOWN} more: --json has them all`] : [])].join('\n')];
}

function rowsText({ rows }: TableDiff): string | undefined {
  const exact = rows.added === undefined ? '' : `; ${rows.added} added, ${rows.removed ?? 0} removed`;
  return rows.before === null && rows.after === null ? undefined : `${rows.before ?? 'not told'}, now ${rows.after ?? 'not told'}${exact}`;
}

/** Columns and figures that differ. */
function tableText({ schema, statistics }: TableDiff): string[] {
  const columns = [
    ...schema.added.map(({ name, kind }) => colours.green(`+ column ${clean(name)}, ${kind}`)), ...schema.removed.map(({ name, kind }) => colours.red(`- column ${clean(name)}, ${kind}`)),
    ...schema.changed.map((column) => colours.yellow(`~ column ${clean(column.name)}: ${column.before}, now ${column.after}`)), ...(schema.reordered ? ['  columns stand in another order'] : []),
  ];
  const figures = statistics.map(({ column, figure, before, after }) => [short(clean(column), 30), figure, short(clean(String(before ?? '')), 40), short(clean(String(after ?? '')), 40)]);
  return [...shown(columns), ...(figures.length === 0 ? [] : [table(['column', 'figure', 'before', 'now'], figures.slice(0, SHOWN), '')])];
}
