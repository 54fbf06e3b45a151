import type { Hex } from 'viem';
import { expect, test } from 'vitest';
import { checkpointRootOf } from './signReceipt.ts';

const digest = (fill: string): Hex => `0x${fill.repeat(32)}`;

/** Roots by hand: RFC 6962 with the digest as the leaf's data. */
test('the root over checkpoint digests', () => {
  expect(checkpointRootOf([])).toBeUndefined();
  expect([1, 2, 3, 5].map((count) => checkpointRootOf(['01', '02', '03', '04', '05'].slice(0, count).map(digest)))).toMatchInlineSnapshot(`
    [
      "0xdcffe786ded16d283c663846ad0c4ff26558fccde36ca9d30b2ea19eade9fc0e",
      "0x3a066e0f40c6a1981ebfa60d2411625d0517ae22c2fc8c7c1784ff8a75c78565",
      "0xdf896896c799531f1fd1e556cea26a6989ab06853bcbfdd3e4f5097a611f658f",
      "0xc51042bb8b9d81dfc115ef99d0e2cecf1954cfc078d70032d187b46615f01b90",
    ]
  `);
});
