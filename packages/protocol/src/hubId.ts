import type { Address, Hex } from 'viem';

/** The part before the slash that fits every asset, whoever owns it. */
export const ANY_NAMESPACE = 'assets';

const MOST_LETTERS = 40;

/**
 * An asset's address for clients that know repositories: its owner, then its title in plain letters and its number, at most 96 characters.
 *
 * @example hubIdOf({ owner: '0xAb..', title: 'Palmer penguins', assetId: 12 }) // '0xab../palmer-penguins-12'
 */
export function hubIdOf(asset: { owner: Address; title: string; assetId: number }): string {
  const letters = asset.title.normalize('NFKD').replaceAll(/[\u0300-\u036f]/g, '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replace(/^-/, '').slice(0, MOST_LETTERS).replace(/-$/, '');
  return `${asset.owner.toLowerCase()}/${letters === '' ? '' : `${letters}-`}${asset.assetId}`;
}

/** The asset that a repository's name ends with; undefined where it ends with no number. */
export function assetIdOfName(name: string): number | undefined {
  const found = /(?:^|-)([1-9]\d{0,8})$/.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Whether the part before the slash may stand before an asset of `owner`: its address, or {@link ANY_NAMESPACE}. */
export function isNamespaceOf(namespace: string, owner: Address): boolean {
  return namespace === ANY_NAMESPACE || namespace.toLowerCase() === owner.toLowerCase();
}

/** A version as a commit of 40 hexadecimal digits: the first of its manifest's digest. */
export const commitOf = (version: { manifestDigest: Hex }): string => version.manifestDigest.slice(2, 42).toLowerCase();

type Revision = { version: number; status: string; manifestDigest: Hex; manifestCid: string };

/**
 * The version that a revision names: `main` is the newest live one; `v3`, the commit, the manifest's digest or its CID name just one. Undefined for everything
 * else, and for `main` where none is live: never another version than was asked for.
 */
export function findRevision<T extends Revision>(versions: readonly T[], revision: string): T | undefined {
  if (revision === 'main') return versions.filter(({ status }) => status === 'live').toSorted((a, b) => b.version - a.version)[0];
  const wanted = revision.replace(/^0x/, '').toLowerCase();
  return versions.find((one) => revision === `v${one.version}` || wanted === commitOf(one) || wanted === one.manifestDigest.slice(2).toLowerCase() || revision === one.manifestCid);
}
