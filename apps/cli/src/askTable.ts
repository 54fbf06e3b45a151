import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { NeuroError } from '@neurodata/protocol';
import type { QueryFacts, QueryFormat } from './commands/queries.ts';
import type { Context, Result } from './context.ts';
import { checkFree, fetchOwned } from './downloadOrder.ts';
import { clean, short, table } from './output.ts';
import { formatOfName } from './outputFormat.ts';

export type SqlOptions = { assetVersion?: number; /** Of a folder: this table, by its path. */ file?: string; format?: QueryFormat; output?: string; force?: boolean; raw?: boolean; /** MiB. */ memory?: number; /** Seconds. */ timeout?: number };

/** How many rows are shown where nothing is written. */
const SHOWN = 100;

/** Asks one SELECT of a table: a file, or an asset that the account has bought, which is fetched for it and not kept. Nothing of it leaves this machine. */
export async function askTable(context: Context, subject: string, sql: string, options: SqlOptions): Promise<Result | undefined> {
  const { output, raw = false, memory, timeout, assetVersion, file: inside } = options;
  const format = options.format ?? (output === undefined ? undefined : formatOfName(output));
  if (output !== undefined) await checkFree(output, options.force);
  const isOwned = await isAsset(subject);
  if (!isOwned && inside !== undefined) throw new NeuroError('--file names a table of a folder that you bought, and this is a file.', { code: 'BAD_INPUT', remedy: 'Leave it out.' });
  const folder = await mkdtemp(path.join(tmpdir(), 'neurodata-sql-'));
  try {
    const file = isOwned ? await fetchOwned(context, { asset: Number(subject), ...(assetVersion === undefined ? {} : { assetVersion }), ...(inside === undefined ? {} : { file: inside }) }, folder) : subject;
    const to = output === undefined ? path.join(folder, 'answer') : path.resolve(output);
    const { queryFile } = await import('./commands/queries.ts');
    const facts = await queryFile({ file, sql, to, format: format ?? 'json', raw, ...(memory === undefined ? {} : { memoryMb: memory }), ...(timeout === undefined ? {} : { timeoutMs: timeout * 1_000 }) });
    if (output !== undefined) return { value: { ...facts, file: to }, text: `Wrote ${to}: ${facts.rows} ${facts.rows === 1 ? 'row' : 'rows'}, ${facts.columns.length} ${facts.columns.length === 1 ? 'column' : 'columns'}` };
    if (format === undefined) return shown(facts, await readFile(to, 'utf8'));
    await pipeline(createReadStream(to), process.stdout, { end: false });
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A number, and no file of that name. */
async function isAsset(subject: string): Promise<boolean> {
  return /^[1-9]\d{0,14}$/.test(subject) && !(await stat(subject).then(() => true, () => false));
}

function shown({ rows, columns }: QueryFacts, text: string): Result {
  const items = text.split('\n').filter(Boolean).slice(0, SHOWN).map((line) => JSON.parse(line) as Record<string, unknown>);
  const cells = items.map((row) => columns.map(({ name }) => textOf(row[name])));
  const more = rows > items.length ? `\n${rows - items.length} more rows: write them with --output.` : '';
  return { value: { rows, columns, items }, text: table(columns.map(({ name }) => short(clean(name), 40)), cells, 'No rows.') + more };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return short(clean(typeof value === 'string' ? value : JSON.stringify(value)), 60);
}
