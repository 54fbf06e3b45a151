import { buildManifest } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { emptyDraft } from '../publishDraft.ts';
import { draftOf } from './draftOf.ts';
import { limitsOf } from './limits.ts';
import { inputOf } from './publishInput.ts';

const digest = `0x${'ab'.repeat(32)}` as const;
const sealed = { format: 'age-encryption.org/v1' as const, cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', size: 9, keysetDigest: digest, contentRoot: digest, contentCommitment: digest, fileName: 'rows.csv', mediaType: 'text/csv', ciphertextSha256: digest };

test('the form of a next version begins with what the version before said, and offers nothing', () => {
  const description = { title: 'Birds', description: 'Many.', license: 'CC-BY-4.0', source: 'https://example.org', tags: ['a', 'b'], category: 'biology' as const, limits: { uses: ['research' as const], noSharing: true as const } };
  const { manifest } = buildManifest({ description, sealed, rows: 40, columns: [{ name: 'side', kind: 'categorical', missing: 0, distinct: 2, statistics: { top: [{ value: 'north', share: 0.5 }] } }] });
  const draft = draftOf(manifest, true);
  expect(draft).toEqual({ ...emptyDraft, title: 'Birds', description: 'Many.', source: 'https://example.org', tags: 'a, b', category: 'biology', validatorsMayRead: true, topValues: 'side', limited: true, purposes: ['research'], sharing: false, downloadPrice: '', computePrice: '', subscriptionPrice: '', sample: 'none' });
  expect(limitsOf(draft)).toEqual(description.limits);
  const input = inputOf({ ...draft, sample: 'none' }, { token: undefined, isTable: true }, { file: new File(['x'], 'rows.csv'), table: { rows: 1, columns: [], format: 'csv', sha256: digest } as never });
  expect(input.description).toEqual(description);
  expect([input.downloadPrice, input.computePrice, input.subscription, input.sample]).toEqual([undefined, undefined, undefined, undefined]);
});

test('what told no statistics before tells none unless it is asked to', () => {
  const { manifest } = buildManifest({ description: { title: 'T', description: 'D', license: 'CC0-1.0', tags: [] }, sealed, rows: 40, columns: [{ name: 'x', kind: 'numeric', missing: 0, distinct: 2 }] });
  expect(draftOf(manifest, false)).toMatchObject({ statistics: false, topValues: '', limited: false, derivatives: true, sharing: true, open: false });
});
