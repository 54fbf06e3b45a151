import { createHash } from 'node:crypto';
import { HubError } from '@neurodata/sdk';
import { z } from 'zod';
import { type Change, OID, draftPath } from '../drafts/draft.ts';
import type { DraftStore } from '../drafts/createDraftStore.ts';

/** Bytes of one line: a file of 12 MiB in base64. */
const LONGEST_LINE = 16 * 2 ** 20;
/** Bytes of a whole commit. Large files do not travel in it. */
const LONGEST_COMMIT = 256 * 2 ** 20;
const MOST_LINES = 20_000;

const lineSchema = z.discriminatedUnion('key', [
  z.object({ key: z.literal('header'), value: z.object({ summary: z.string().max(1_000).default(''), parentCommit: z.string().max(80).optional() }) }),
  z.object({ key: z.literal('file'), value: z.object({ path: z.string(), content: z.string(), encoding: z.enum(['base64', 'utf-8']).default('base64') }) }),
  z.object({ key: z.literal('lfsFile'), value: z.object({ path: z.string(), algo: z.literal('sha256').default('sha256'), oid: z.string().regex(OID), size: z.number().int().nonnegative().optional() }) }),
  z.object({ key: z.literal('deletedFile'), value: z.object({ path: z.string() }) }),
  z.object({ key: z.literal('deletedFolder'), value: z.object({ path: z.string() }) }),
]);

export type CommitRequest = { summary: string; parentCommit?: string | undefined; changes: Change[] };

/** Reads a commit line by line and stages the files that travel in it. Throws a `HubError` for what is no commit, and what the store throws. */
export async function readCommit(body: AsyncIterable<Uint8Array>, store: DraftStore): Promise<CommitRequest> {
  const commit: CommitRequest = { summary: '', changes: [] };
  let lines = 0;
  for await (const text of linesOf(body)) {
    lines += 1;
    if (lines > MOST_LINES) throw bad(`A commit has at most ${MOST_LINES} lines.`);
    const line = parse(text);
    if (line.key === 'header') Object.assign(commit, line.value);
    else if (line.key === 'deletedFile') commit.changes.push({ remove: line.value.path });
    else if (line.key === 'deletedFolder') commit.changes.push({ removeFolder: line.value.path });
    else commit.changes.push({ put: await staged(line, store) });
  }
  if (lines === 0) throw bad('The commit is empty.');
  return commit;
}

type FileLine = Extract<z.output<typeof lineSchema>, { key: 'file' | 'lfsFile' }>;

async function staged(line: FileLine, store: DraftStore): Promise<{ path: string; oid: string; size: number }> {
  const path = draftPath(line.value.path);
  if (line.key === 'lfsFile') {
    const { oid, size } = line.value;
    const known = await store.sizeOf(oid);
    if (known === undefined || (size !== undefined && size !== known)) throw bad(`The bytes of ${path} have not been uploaded. Upload them first, then commit.`);
    return { path, oid, size: known };
  }
  const { content, encoding } = line.value;
  if (encoding === 'base64' && !/^[A-Za-z0-9+/]*={0,2}$/.test(content)) throw bad(`The content of ${path} is no base64.`);
  const bytes = Buffer.from(content, encoding);
  const oid = createHash('sha256').update(bytes).digest('hex');
  if ((await store.sizeOf(oid)) === undefined) await store.put({ oid, size: bytes.length, content: [bytes] });
  return { path, oid, size: bytes.length };
}

function parse(text: string): z.output<typeof lineSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad('A line of the commit is no JSON.');
  }
  const found = lineSchema.safeParse(value);
  if (found.success) return found.data;
  const key = typeof value === 'object' && value !== null && 'key' in value ? String(value.key).slice(0, 40) : '';
  throw bad(key === 'copyFile' ? 'Files are not copied here: upload them again.' : `A line of the commit is not understood${key === '' ? '' : ` (${key})`}: ${z.prettifyError(found.error).split('\n')[0]?.slice(0, 200) ?? ''}`);
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let [held, heldBytes, total]: [Uint8Array[], number, number] = [[], 0, 0];
  const take = (): string => {
    const line = Buffer.concat(held).toString('utf8');
    [held, heldBytes] = [[], 0];
    return line;
  };
  for await (const piece of body) {
    total += piece.length;
    if (total > LONGEST_COMMIT) throw tooLarge(`A commit has at most ${LONGEST_COMMIT} bytes.`);
    let from = 0;
    for (let end = piece.indexOf(10); end !== -1; end = piece.indexOf(10, from)) {
      held.push(piece.subarray(from, end));
      const line = take();
      if (line.trim() !== '') yield line;
      from = end + 1;
    }
    held.push(piece.subarray(from));
    heldBytes += piece.length - from;
    if (heldBytes > LONGEST_LINE) throw tooLarge(`A line of a commit has at most ${LONGEST_LINE} bytes: larger files go by LFS.`);
  }
  const last = take();
  if (last.trim() !== '') yield last;
}

const bad = (message: string): HubError => new HubError(message, { status: 400, code: 'BadRequest' });
const tooLarge = (message: string): HubError => new HubError(message, { status: 413, code: 'BadRequest' });
