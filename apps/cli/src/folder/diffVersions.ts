import { walkRowDigests } from '@neurodata/engine';
import { type Manifest, NeuroError, type VersionDiff, diffFiles, diffManifests } from '@neurodata/protocol';
import { type NeuroClient, checkFolder, entitlementOf, openEntitledKey, openMainTable, readSealedAsset } from '@neurodata/sdk';
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
  const diff = opened ? await compareOpened(told, opened) : told;
  const names = [before, after].map(({ version }) => version.version);
  return { value: { assetId, before: names[0], after: names[1], opened: opened !== undefined, ...diff }, text: textOf(diff, opened !== undefined) };
}

type Opened = { files: { path: string; digest: string }[]; table: Uint8Array | undefined };

/** Undefined where the account may not open both: it is asked, never paid. */
async function openBoth(client: NeuroClient, assetId: number, versions: { version: number; manifest: Manifest }[]): Promise<Opened[] | undefined> {
  const opened: Opened[] = [];
  for (const { version, manifest } of versions) {
    const entitlement = await entitlementOf({ client, assetId, version });
    if (entitlement.by === 'nothing') return undefined;
    const { secret } = await openEntitledKey({ client, assetId, version, entitlement });
    const { bytes: content } = await readSealedAsset({ client, assetId, version, secret }).finally(() => secret.fill(0));
    const { 'nd:folder': folder, 'nd:rows': rows } = manifest;
    const files = folder ? checkFolder(manifest, content).files.map(({ path, sha256 }) => ({ path, digest: sha256 })) : [];
    opened.push({ files, table: rows === undefined ? undefined : await openMainTable({ storage: client.storage, manifest, content }) });
  }
  return opened;
}

async function compareOpened(told: VersionDiff, [before, after]: Opened[]): Promise<VersionDiff> {
  const files = before && after && before.files.length > 0 && after.files.length > 0 ? diffFiles(before.files, after.files, true) : told.files;
  return { ...told, files, rows: before?.table && after?.table ? { ...told.rows, ...(await diffRows(before.table, after.table)) } : told.rows };
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

function textOf({ files, schema, rows, statistics }: VersionDiff, opened: boolean): string {
  const list = [
    ...files.added.map((path) => colours.green(`+ ${clean(path)}`)), ...files.removed.map((path) => colours.red(`- ${clean(path)}`)),
    ...files.moved.map(({ from, to }) => `> ${clean(from)} is ${clean(to)} now`), ...files.changed.map((path) => colours.yellow(`~ ${clean(path)}${files.exact ? '' : ' (or only sealed anew)'}`)),
  ];
  const columns = [
    ...schema.added.map(({ name, kind }) => colours.green(`+ column ${clean(name)}, ${kind}`)), ...schema.removed.map(({ name, kind }) => colours.red(`- column ${clean(name)}, ${kind}`)),
    ...schema.changed.map((column) => colours.yellow(`~ column ${clean(column.name)}: ${column.before}, now ${column.after}`)), ...(schema.reordered ? ['  columns stand in another order'] : []),
  ];
  const exact = rows.added === undefined ? '' : `; ${rows.added} added, ${rows.removed ?? 0} removed`;
  const figures = statistics.map(({ column, figure, before, after }) => [short(clean(column), 30), figure, short(clean(String(before ?? '')), 40), short(clean(String(after ?? '')), 40)]);
  return [
    facts([
      ['Files', `${files.added.length} added, ${files.removed.length} removed, ${files.changed.length} changed, ${files.moved.length} moved, ${files.unchanged.length} unchanged`],
      ['Rows', rows.before === null && rows.after === null ? undefined : `${rows.before ?? 'not told'}, now ${rows.after ?? 'not told'}${exact}`], ['Compared', opened ? 'the files and rows themselves' : 'what both manifests tell'],
    ]),
    ...[list, columns].filter((lines) => lines.length > 0).map((lines) => [...lines.slice(0, SHOWN), ...(lines.length > SHOWN ? [`and ${lines.length - SHOWN} more: --json has them all`] : [])].join('\n')),
    ...(figures.length === 0 ? [] : [table(['column', 'figure', 'before', 'now'], figures.slice(0, SHOWN), '')]),
  ].join('\n\n');
}
