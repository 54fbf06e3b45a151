import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { NeuroError } from '@neurodata/protocol';
import { z } from 'zod';

/** Lines of JSON, compressed: a head, then tables and their rows, then files, and last the sha256 of all lines before. */
const headSchema = z.object({ format: z.literal('neurodata-backup'), version: z.literal(1), createdAt: z.number().int(), migrations: z.array(z.string()), block: z.number().int().nullable() });
export type BackupHead = z.output<typeof headSchema>;
const lineSchema = z.union([
  z.object({ table: z.string().regex(/^(?:pgboss\.)?[a-z_]+$/), columns: z.array(z.string().regex(/^[a-z_0-9]+$/)) }), z.object({ rows: z.string() }), z.object({ file: z.string().regex(/^[a-z.]+$/), base64: z.base64() }),
]);
export type BackupLine = z.output<typeof lineSchema>;
const footSchema = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** Writes a backup whole or not at all; readable by its owner only. Returns its checksum. */
export async function writeBackup(file: string, head: BackupHead, lines: AsyncIterable<BackupLine>): Promise<string> {
  const part = `${file}.part`;
  const hash = createHash('sha256');
  let sum = '';
  async function* texts(): AsyncGenerator<string> {
    const told = (value: unknown): string => {
      const text = `${JSON.stringify(value)}\n`;
      hash.update(text);
      return text;
    };
    yield told(head);
    for await (const line of lines) yield told(line);
    sum = hash.digest('hex');
    yield `${JSON.stringify({ sha256: sum })}\n`;
  }
  try {
    await pipeline(texts, createGzip(), createWriteStream(part, { mode: 0o600, flags: 'wx', flush: true }));
    await rename(part, file);
    return sum;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) await rm(part, { force: true });
    throw error;
  }
}

/**
 * Reads a backup's head and checks all of it against its checksum.
 *
 * @throws NeuroError NOT_FOUND, BAD_INPUT for a file that is something else, CONTENT_MISMATCH for one that is damaged.
 */
export async function checkBackup(file: string): Promise<BackupHead> {
  const hash = createHash('sha256');
  let head: BackupHead | undefined;
  let last: string | undefined;
  for await (const text of linesOf(file)) {
    head ??= headOf(file, text);
    if (last !== undefined) hash.update(`${last}\n`);
    last = text;
  }
  const foot = footSchema.safeParse(jsonOf(last ?? ''));
  if (!head) throw notABackup(file);
  if (!foot.success || foot.data.sha256 !== hash.digest('hex')) throw damaged(file);
  return head;
}

/** The lines of a backup that was checked, without its head and its checksum. */
export async function* readBackup(file: string): AsyncGenerator<BackupLine> {
  let isHead = true;
  for await (const text of linesOf(file)) {
    const line = isHead ? undefined : lineSchema.safeParse(jsonOf(text));
    isHead = false;
    if (line?.success) yield line.data;
    else if (line && !footSchema.safeParse(jsonOf(text)).success) throw damaged(file);
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file);
  const unpacked = createGunzip();
  const piped = pipeline(source, unpacked).then(() => undefined, (error: unknown) => error);
  let error: unknown;
  try {
    yield* createInterface({ input: unpacked, crlfDelay: Infinity });
    error = await piped;
  } catch (cause) {
    error = cause;
  } finally {
    source.destroy();
    unpacked.destroy();
  }
  if (error === undefined) return;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') throw new NeuroError(`There is no file ${file}.`, { code: 'NOT_FOUND', remedy: 'Check its name.' });
  if (code === 'Z_DATA_ERROR' && source.bytesRead <= 64 * 1024) throw notABackup(file);
  throw damaged(file, error);
}

function headOf(file: string, text: string): BackupHead {
  const head = headSchema.safeParse(jsonOf(text));
  if (!head.success) throw notABackup(file);
  return head.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const notABackup = (file: string): NeuroError => new NeuroError(`${file} is no backup of a node's database.`, { code: 'BAD_INPUT', remedy: 'Name a file that `neurodata db backup` has written.' });
const damaged = (file: string, cause?: unknown): NeuroError => new NeuroError(`${file} is damaged: its content does not have its checksum.`, { code: 'CONTENT_MISMATCH', cause, remedy: 'Take another copy of it.' });
