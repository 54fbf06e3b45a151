import { createHash } from 'node:crypto';
import { NeuroError } from '@neurodata/protocol';
import { z } from 'zod';

/** Hexadecimal digits of a sha256. */
export const OID = /^[0-9a-f]{64}$/;
export const DRAFT_ID = /^[0-9a-f]{8}$/;

/** The most files of one draft. */
export const MOST_FILES = 10_000;
const LONGEST_PATH = 1_000;
const LONGEST_PART = 200;

const fileSchema = z.object({ path: z.string().min(1).max(LONGEST_PATH), oid: z.string().regex(OID), size: z.number().int().nonnegative() });

/** What was uploaded under one name and is not published yet. Times are Unix seconds, sizes bytes. */
export const draftSchema = z.object({
  version: z.literal(1),
  draftId: z.string().regex(DRAFT_ID),
  kind: z.enum(['dataset', 'model']),
  /** As it was uploaded to: namespace/name. */
  repo: z.string(),
  /** It is the next version of this asset. */
  assetId: z.number().int().positive().optional(),
  files: z.array(fileSchema).max(MOST_FILES),
  /** The newest commit's first line. */
  message: z.string(),
  createdAt: z.number(),
  changedAt: z.number(),
  /** Somebody began to publish it then, and it is not known how that ended. */
  publishingSince: z.number().optional(),
});
export type Draft = z.output<typeof draftSchema>;
export type DraftFile = z.output<typeof fileSchema>;

/** One change of a draft's files, in the order of a commit. */
export type Change = { put: DraftFile } | { remove: string } | { removeFolder: string };

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The same name has the same draft, in whichever process it is asked for. */
export const draftIdOf = ({ kind, repo }: Pick<Draft, 'kind' | 'repo'>): string => hex(`${kind}/${repo.toLowerCase()}`).slice(0, 8);

/** What a draft holds, as 40 hexadecimal digits: it changes with every file. */
export const draftCommit = ({ kind, repo, files }: Pick<Draft, 'kind' | 'repo' | 'files'>): string =>
  hex(JSON.stringify([kind, repo, files.map(({ path, oid }) => [path, oid]).toSorted()])).slice(0, 40);

/** A path as it may stand in a draft: the rules of archives. Throws `BAD_INPUT` for one that means something else on another system, or lies outside. */
export function draftPath(path: unknown): string {
  const refuse = (problem: string): NeuroError => new NeuroError(`The path ${JSON.stringify(String(path).slice(0, 200))} ${problem}.`, { code: 'BAD_INPUT', remedy: 'Give files plain names.' });
  if (typeof path !== 'string' || path === '') throw refuse('is no name');
  // oxlint-disable-next-line no-control-regex
  if (/[\0-\x1f\x7f]/.test(path)) throw refuse('holds control characters');
  if (path.includes('\\')) throw refuse('holds a backslash');
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) throw refuse('begins at the root');
  if (!path.isWellFormed() || path.includes('\uFFFD')) throw refuse('is no text');
  if (path.length > LONGEST_PATH) throw refuse(`has more than ${LONGEST_PATH} characters`);
  for (const part of path.split('/')) {
    if (part === '..') throw refuse('leads out of its folder');
    if (part === '' || part === '.') throw refuse('has an empty part');
    if (part.length > LONGEST_PART) throw refuse(`has a part of more than ${LONGEST_PART} characters`);
    if (/[. ]$/.test(part)) throw refuse('has a part that ends with a blank or a full stop');
    if (part.toLowerCase() === '.git') throw refuse('lies in a folder .git');
  }
  return path;
}

/**
 * The files once a commit's changes are made. Throws `BAD_INPUT` where two names would be one on systems that do not tell letters' case apart, or a file would stand
 * where a folder does; `TOO_LARGE` for too many.
 */
export function applyChanges(files: readonly DraftFile[], changes: readonly Change[]): DraftFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const change of changes) {
    if ('put' in change) byPath.set(change.put.path, change.put);
    else if ('remove' in change) byPath.delete(change.remove);
    else for (const path of byPath.keys()) if (path.startsWith(`${change.removeFolder.replace(/\/+$/, '')}/`)) byPath.delete(path);
  }
  if (byPath.size > MOST_FILES) throw new NeuroError(`A draft holds at most ${MOST_FILES} files.`, { code: 'TOO_LARGE', remedy: 'Pack them into an archive.' });
  const known = new Map<string, string>();
  for (const path of byPath.keys()) {
    const parts = path.split('/');
    for (let length = 1; length <= parts.length; length += 1) {
      const here = length === parts.length ? path : `${parts.slice(0, length).join('/')}/`;
      const key = here.replace(/\/$/, '').normalize('NFC').toLowerCase();
      const before = known.get(key) ?? here;
      if (before !== here || (length === parts.length && known.has(key))) throw new NeuroError(`Two names are one elsewhere: ${JSON.stringify(before)} and ${JSON.stringify(here)}.`, { code: 'BAD_INPUT', remedy: 'Give every file a name of its own, whatever its case.' });
      known.set(key, here);
    }
  }
  return [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
