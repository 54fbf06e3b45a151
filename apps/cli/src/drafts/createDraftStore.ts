import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { readIfThere, writeAtomic } from '../atomicFile.ts';
import { locked } from '../lockedFile.ts';
import { megabytes } from '../progress.ts';
import { type Change, DRAFT_ID, type Draft, OID, applyChanges, draftIdOf, draftSchema } from './draft.ts';

export type DraftStore = ReturnType<typeof createDraftStore>;
export type DraftStoreParameters = {
  /** The folder that it lies in; made with the first file, for its owner alone. */
  folder: string;
  /** Bytes of all staged files together. */
  quota?: number;
  /** Bytes of one file. */
  largest?: number;
};

const GIB = 2 ** 30;
const MOST_DRAFTS = 100;
/** What is left free on the disk. */
const SPARE = 256 * 2 ** 20;
/** What no draft names may belong to a commit that is still coming; a part that grows no more, to nothing. */
const FORGOTTEN_MS = 24 * 3_600_000;
const STALLED_MS = 10 * 60_000;

/**
 * What was uploaded and waits to be published: files by their sha256, and a note for each draft of what it holds. A file is there whole or not at all; a killed upload
 * leaves a part that the next start sweeps away.
 */
export function createDraftStore({ folder, quota = 16 * GIB, largest = 8 * GIB }: DraftStoreParameters) {
  const objects = path.join(folder, 'objects');
  const noteOf = (draftId: string): string => path.join(folder, `${draftId}.json`);
  const objectPath = (oid: string): string => path.join(objects, oid);
  let coming = 0;
  let reserving = Promise.resolve();

  const sizeOf = (oid: string): Promise<number | undefined> => (OID.test(oid) ? stat(objectPath(oid)).then(({ size }) => size, () => undefined) : Promise.resolve(undefined));

  async function find(draftId: string): Promise<Draft | undefined> {
    const text = DRAFT_ID.test(draftId) ? await readIfThere(noteOf(draftId)) : undefined;
    if (text === undefined) return undefined;
    try {
      return draftSchema.parse(JSON.parse(text));
    } catch (cause) {
      throw new NeuroError(`The note of draft ${draftId} is damaged.`, { code: 'CONTENT_MISMATCH', remedy: `Remove ${noteOf(draftId)} and upload again.`, cause });
    }
  }

  async function get(draftId: string): Promise<Draft> {
    const draft = await find(draftId);
    if (draft) return draft;
    throw new NeuroError(`There is no draft ${draftId}.`, { code: 'NOT_FOUND', remedy: 'See `neurodata drafts list`.' });
  }

  async function list(): Promise<Draft[]> {
    const names = await readdir(folder).catch(() => []);
    const drafts = await Promise.all(names.filter((name) => /^[0-9a-f]{8}\.json$/.test(name)).map((name) => find(name.slice(0, 8))));
    return drafts.filter((draft) => draft !== undefined).toSorted((a, b) => b.changedAt - a.changedAt);
  }

  async function write(draft: Draft): Promise<Draft> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeAtomic(noteOf(draft.draftId), `${JSON.stringify(draftSchema.parse(draft), null, 2)}\n`, 0o600);
    return draft;
  }

  /** The draft of this name, made where there is none. */
  async function open(wanted: Pick<Draft, 'kind' | 'repo' | 'assetId'>): Promise<{ draft: Draft; made: boolean }> {
    const draftId = draftIdOf(wanted);
    return locked(noteOf(draftId), async () => {
      const known = await find(draftId);
      if (known) return { draft: known, made: false };
      if ((await list()).length >= MOST_DRAFTS) throw new NeuroError(`There are ${MOST_DRAFTS} drafts.`, { code: 'TOO_LARGE', remedy: 'Publish or drop some: see `neurodata drafts list`.' });
      const now = Math.floor(Date.now() / 1_000);
      return { draft: await write({ version: 1, draftId, ...wanted, files: [], message: '', createdAt: now, changedAt: now }), made: true };
    });
  }

  const change = (draftId: string, next: (draft: Draft) => Draft): Promise<Draft> => locked(noteOf(draftId), async () => write(next(await get(draftId))));

  /** Makes a commit's changes, all of them or none. */
  const commit = (draftId: string, { changes, message }: { changes: Change[]; message: string }): Promise<Draft> =>
    change(draftId, (draft) => ({ ...draft, publishingSince: undefined, files: applyChanges(draft.files, changes), message, changedAt: Math.floor(Date.now() / 1_000) }));

  async function usedBytes(): Promise<number> {
    // Parts are counted by what they will be.
    const names = (await readdir(objects).catch(() => [])).filter((name) => OID.test(name));
    const sizes = await Promise.all(names.map((name) => stat(path.join(objects, name)).then(({ size }) => size, () => 0)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Throws `TOO_LARGE` where `size` more bytes find no room. */
  async function expectRoom(size: number): Promise<void> {
    if (size > largest) throw new NeuroError(`A file of ${megabytes(size)} is too large.`, { code: 'TOO_LARGE', remedy: `At most ${megabytes(largest)} are taken.` });
    const used = await usedBytes();
    if (used + coming + size > quota) throw new NeuroError(`Drafts hold ${megabytes(used)} of at most ${megabytes(quota)}.`, { code: 'TOO_LARGE', remedy: 'Publish or drop some (`neurodata drafts list`), or start `neurodata serve` with a larger --quota.' });
    await mkdir(objects, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(objects);
    if (bavail * bsize < size + SPARE) throw new NeuroError('The disk is full.', { code: 'TOO_LARGE', remedy: 'Make room, or drop drafts (`neurodata drafts list`).' });
  }

  /** Room for `size` bytes, one asker after the other: two together may be too many. */
  async function reserve(size: number): Promise<void> {
    const before = reserving;
    const { promise, resolve } = Promise.withResolvers<void>();
    reserving = promise;
    await before;
    try {
      await expectRoom(size);
      coming += size;
    } finally {
      resolve();
    }
  }

  /** Stores a file whose sha256 and size were told. Throws `TOO_LARGE`, and `BAD_INPUT` where other bytes came: nothing of them stays. */
  async function put({ oid, size, content }: { oid: string; size: number; content: AsyncIterable<Uint8Array> | Iterable<Uint8Array> }): Promise<void> {
    await reserve(size);
    try {
      await writeAtomic(objectPath(oid), checked(content, { oid, size }), 0o600);
    } finally {
      coming -= size;
    }
  }

  /** Removes a draft, and the files that no other one names. */
  async function drop(draftId: string): Promise<void> {
    const { files } = await get(draftId);
    await locked(noteOf(draftId), () => rm(noteOf(draftId), { force: true }));
    const named = new Set((await list()).flatMap((draft) => draft.files.map(({ oid }) => oid)));
    await Promise.all(files.filter(({ oid }) => !named.has(oid)).map(({ oid }) => rm(objectPath(oid), { force: true })));
  }

  /** Removes what uploads that never ended left behind: parts that stopped growing, and files that no draft has named for a day. Returns how many. */
  async function sweep(now = Date.now()): Promise<number> {
    const named = new Set((await list()).flatMap(({ files }) => files.map(({ oid }) => oid)));
    const names = (await readdir(objects).catch(() => [])).filter((name) => !named.has(name));
    const ageOf = (name: string): Promise<number> => stat(path.join(objects, name)).then(({ mtimeMs }) => now - mtimeMs, () => 0);
    const old = await Promise.all(names.map(async (name) => ((await ageOf(name)) > (name.endsWith('.part') ? STALLED_MS : FORGOTTEN_MS) ? name : undefined)));
    const gone = old.filter((name) => name !== undefined);
    await Promise.all(gone.map((name) => rm(path.join(objects, name), { force: true })));
    return gone.length;
  }

  return { list, find, get, open, change, commit, sizeOf, objectPath, expectRoom, put, drop, sweep };
}

/** The bytes as they come; throws before the end where they are others than were told. */
async function* checked(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, { oid, size }: { oid: string; size: number }): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let came = 0;
  for await (const piece of content) {
    came += piece.length;
    if (came > size) break;
    hash.update(piece);
    yield piece;
  }
  if (came !== size) throw new NeuroError(`The file has ${came > size ? 'more than' : 'only'} ${Math.min(came, size)} of ${size} bytes.`, { code: 'BAD_INPUT', remedy: 'Upload it again.' });
  if (hash.digest('hex') !== oid) throw new NeuroError(`The bytes that came are not those of ${oid.slice(0, 12)}….`, { code: 'BAD_INPUT', remedy: 'Upload the file again.' });
}
