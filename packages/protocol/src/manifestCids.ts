import type { Manifest } from './manifest.ts';

const IPFS = /^ipfs:\/\/([a-zA-Z0-9]{10,120})$/;

/**
 * The files that a version is made of, by CID, each once: what a manifest names in `nd:sealed` and in its distribution, and the table that a model
 * is measured on. What checks, repairs and pins versions asks this, and nothing else. Manifest and keyset are not among them: their CIDs follow from digests.
 */
export function manifestCids(manifest: Manifest): string[] {
  const listed = manifest.distribution.flatMap(({ contentUrl }) => (typeof contentUrl === 'string' ? (IPFS.exec(contentUrl)?.[1] ?? []) : []));
  const table = manifest['nd:evaluation']?.table;
  return [...new Set([manifest['nd:sealed'].cid, ...listed, ...(table?.kind === 'file' ? [table.cid] : [])])];
}
