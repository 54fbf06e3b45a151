import { type AssetDto, routes } from '@neurodata/protocol';
import * as sdk from '@neurodata/sdk';
import { expect, test } from 'vitest';
import { howToUse } from './howToUse.ts';

const listing = { listingId: 3, kind: 'download', price: 25n, token: null, retired: false, firstVersion: 1, lastVersion: 0, periodMinutes: 0 };
const asset = { assetId: 7, kind: 'dataset', title: '`); rm -rf', curation: { status: 'live' }, latestVersion: 1, versions: [{ version: 1, status: 'live' }], listings: [listing, { ...listing, listingId: 4, kind: 'compute' }], columnList: [] } as unknown as AssetDto;

const codeOf = (name: string, of: AssetDto = asset): string => howToUse(of, 'https://example.org').find((way) => way.name === name)?.code ?? '';

test('the TypeScript imports what the SDK exports, and buys the offer that the page shows', () => {
  for (const kind of ['dataset', 'model'] as const) {
    for (const listings of [asset.listings, []]) {
      const code = codeOf('TypeScript', { ...asset, kind, listings });
      const imported = /import \{ ([^}]+) \} from '@neurodata\/sdk'/.exec(code)?.[1]?.split(', ') ?? [];
      expect(imported.length).toBeGreaterThan(0);
      expect(imported.filter((name) => !(name in sdk))).toEqual([]);
    }
  }
  expect(codeOf('TypeScript')).toContain('listingId: 3, version: 1, maxPrice: 25n');
});

test('the command line and Python use what there is', () => {
  expect(codeOf('Command line')).toBe('neurodata datasets info 7\nneurodata datasets buy 7\nneurodata datasets download --asset 7\nneurodata jobs run 4 --target COLUMN');
  expect(codeOf('Python')).toContain(routes.getAsset.path.replace('{assetId}', '7'));
  expect(codeOf('Python')).toContain('pandas.read_csv');
  expect(codeOf('Python', { ...asset, listings: [] })).not.toContain('subprocess');
});

test('nothing that a stranger wrote stands in code to be pasted', () => {
  for (const { code } of howToUse(asset, 'https://example.org')) expect(code).not.toContain('rm -rf');
});
