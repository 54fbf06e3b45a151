import { expect, test } from 'vitest';
import { assetIdOfName, commitOf, findRevision, hubIdOf, isNamespaceOf } from './hubId.ts';

const owner = '0xAbCdEf0000000000000000000000000000000001';
const version = (number: number, status: string) => ({ version: number, status, manifestDigest: `0x${String(number).repeat(64)}` as const, manifestCid: `bafkrei${number}` });
const versions = [version(1, 'live'), version(2, 'live'), version(3, 'pending')];

test('names are the owner, the title in plain letters and the number', () => {
  expect(hubIdOf({ owner, title: '  Palmer penguins (2020), Größe & Café! ', assetId: 12 })).toBe(`${owner.toLowerCase()}/palmer-penguins-2020-gro-e-cafe-12`);
  expect(hubIdOf({ owner, title: '数据', assetId: 7 })).toBe(`${owner.toLowerCase()}/7`);
  const long = hubIdOf({ owner, title: 'a '.repeat(100), assetId: 999_999_999 });
  expect(long.length).toBeLessThanOrEqual(96);
  expect(long).not.toMatch(/--|\.\.|-$/);
});

test('a name gives its number back, and only one that it ends with', () => {
  for (const title of ['Iris', '', '7 days', 'x-3']) expect(assetIdOfName(hubIdOf({ owner, title, assetId: 42 }).split('/')[1]!)).toBe(42);
  for (const name of ['iris', 'iris42', 'iris-042', 'iris-0', '42-iris', '']) expect(assetIdOfName(name)).toBeUndefined();
});

test('the owner or the word for anybody stands before it', () => {
  expect([owner, owner.toLowerCase(), 'assets', '0x00', 'ASSETS'].map((namespace) => isNamespaceOf(namespace, owner))).toEqual([true, true, true, false, false]);
});

test('a revision names one version or none', () => {
  const numberOf = (revision: string) => findRevision(versions, revision)?.version;
  expect(commitOf(versions[0]!)).toBe('1'.repeat(40));
  expect(['main', 'v1', 'v3', '2'.repeat(40), '2'.repeat(64), `0x${'2'.repeat(64)}`, 'bafkrei1'].map(numberOf)).toEqual([2, 1, 3, 2, 2, 2, 1]);
  for (const revision of ['v4', 'V1', '1', 'v01', 'v1 ', 'master', '', '2'.repeat(39), '2'.repeat(41), 'refs/pr/1', 'latest']) expect(numberOf(revision)).toBeUndefined();
  expect(findRevision([version(3, 'pending')], 'main')).toBeUndefined();
});
