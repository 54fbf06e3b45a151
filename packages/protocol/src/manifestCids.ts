import { type Manifest, contentCidsOf } from './manifest.ts';

/**
 * The files that a version is made of, by CID, each once: its content, and the table that a model is measured on. What checks, repairs, collects and pins asks this, and nothing else.
 * Manifest and keyset are not among them: their CIDs follow from digests.
 */
export function manifestCids(manifest: Manifest): string[] {
  const table = manifest['nd:evaluation']?.table;
  return [...new Set([...contentCidsOf(manifest), ...(table?.kind === 'file' ? [table.cid] : [])])];
}
