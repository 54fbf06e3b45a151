import { expect, test } from 'vitest';
import { canonicalJson, sha256Hex } from './bytes.ts';
import type { Evaluation } from './evaluation.ts';
import { encodeJobSpec, parseJobSpec } from './jobSpec.ts';
import type { JobSpec } from './jobSpec.ts';
import { buildManifest, parseManifest } from './manifest.ts';
import { nextDisputeState, nextJobState, nextOrderState, proofKindOf } from './states.ts';
import { encodeTerms, parseTerms } from './terms.ts';

const digest = `0x${'ab'.repeat(32)}` as const;
const spec: JobSpec = {
  version: 1, engineId: digest, input: { assetId: 1, version: 2, contentRoot: digest },
  train: {
    algorithm: 'logistic-regression', task: 'classification', weight: null, preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' }, target: 'y', features: [{ name: 'x', kind: 'numeric' }], split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 },
    parameters: { C: 1, max_iter: 100, tol: 1e-6 }, limits: { maxSteps: 100, maxBytes: 1_000_000 },
  },
};

test('canonical JSON sorts keys and writes numbers as RFC 8785 says', () => {
  expect(new TextDecoder().decode(canonicalJson({ b: [1e21, 0.1, -0], a: 'é\u000f' }))).toBe('{"a":"é\\u000f","b":[1e+21,0.1,0]}');
});

test('a spec has one digest, whatever the order of its keys', () => {
  const { bytes, digest: first } = encodeJobSpec(spec);
  const turned = JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(spec).toReversed()))) as JobSpec;
  expect(encodeJobSpec(turned).digest).toBe(first);
  expect(parseJobSpec(bytes)).toEqual(spec);
  expect(sha256Hex(bytes)).toBe(first);
});

test('a bad spec names its field', () => {
  const bad = canonicalJson({ ...spec, train: { ...spec.train, split: { ...spec.train.split, seed: -1 } } });
  expect(() => parseJobSpec(bad)).toThrow(expect.objectContaining({ code: 'BAD_SPEC', details: expect.stringContaining('train.split.seed') }));
  expect(() => parseJobSpec(new Uint8Array([0xff]))).toThrow(/UTF-8 JSON/);
});

test('a manifest is Croissant with the sealed facts, and is read back', () => {
  const sealed = { format: 'age-encryption.org/v1' as const, cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', size: 10, keysetDigest: digest, contentRoot: digest, contentCommitment: digest, fileName: 'a.csv', mediaType: 'text/csv' };
  const { manifest, bytes } = buildManifest({
    description: { title: 'A', description: 'B', license: 'CC0-1.0', tags: ['t'] },
    sealed: { ...sealed, ciphertextSha256: digest },
    rows: 3, columns: [{ name: 'x', kind: 'numeric', missing: 0, distinct: 3 }],
  });
  expect(manifest['nd:sealed']).toEqual(sealed);
  expect(manifest.distribution[0]).toMatchObject({ sha256: 'ab'.repeat(32), contentUrl: `ipfs://${sealed.cid}` });
  expect(parseManifest(bytes)).toEqual(manifest);
  expect(() => parseManifest(canonicalJson({ ...manifest, distribution: [] }))).toThrow(expect.objectContaining({ code: 'BAD_MANIFEST' }));
});

test('claims of an ONNX model are in its manifest, and a claim that cannot be one is named with what is allowed', () => {
  const sealed = { format: 'age-encryption.org/v1' as const, cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', size: 10, keysetDigest: digest, contentRoot: digest, contentCommitment: digest, fileName: 'm.onnx', mediaType: 'application/onnx', ciphertextSha256: digest };
  const description = { title: 'A', description: 'B', license: 'CC0-1.0', tags: [] };
  const evaluation: Evaluation = { table: { kind: 'asset', assetId: 3, version: 1 }, target: 'y', inputs: { x1: 'height' }, claims: { accuracy: 0.93, logLoss: 0.2 }, tolerance: 0.01 };
  const { manifest, bytes } = buildManifest({ description, sealed, evaluation });
  expect(manifest['nd:evaluation']).toEqual(evaluation);
  expect(parseManifest(bytes)).toEqual(manifest);
  // Those from before there were claims are read as they were.
  expect(parseManifest(buildManifest({ description, sealed }).bytes)).not.toHaveProperty('nd:evaluation');
  const refused = (change: object, wanted: string, mediaType = sealed.mediaType): void => {
    expect(() => buildManifest({ description, sealed: { ...sealed, mediaType }, evaluation: { ...evaluation, ...change } })).toThrow(expect.objectContaining({ code: 'BAD_MANIFEST', details: expect.stringContaining(wanted) }));
  };
  refused({ claims: { accuracy: 93 } }, 'accuracy is at least 0 and at most 1, not 93\n  → at ["nd:evaluation"].claims.accuracy');
  refused({ claims: { beauty: 1 } }, '"beauty" is no score: claim accuracy, balancedAccuracy, f1');
  refused({ claims: { constructor: 1 } }, '"constructor" is no score');
  refused({ claims: { rmse: -1 } }, 'rmse is at least 0, not -1');
  refused({ tolerance: 0.5 }, '["nd:evaluation"].tolerance');
  refused({ features: ['x', 'y'] }, '"y" is the target');
  refused({ inputs: { x1: 'y' } }, '"y" is the target: a model may not be given what it predicts\n  → at ["nd:evaluation"].inputs.x1');
  refused({ table: { kind: 'file', cid: sealed.cid, sha256: digest, size: 2 ** 30, fileName: 'rows.csv' } }, '["nd:evaluation"].table.size');
  refused({ table: { kind: 'url' } }, '["nd:evaluation"].table.kind');
  refused({}, 'only models of application/onnx are tested, this is text/csv', 'text/csv');
});

test('terms are read back and refuse a share over the cap', () => {
  const terms = { version: 1, kind: 'compute', license: 'CC0-1.0', validatorsMayRead: true, algorithms: ['logistic-regression'], modelShareBps: 1000 } as const;
  expect(parseTerms(encodeTerms({ ...terms, algorithms: [...terms.algorithms] }).bytes)).toEqual(terms);
  expect(() => encodeTerms({ ...terms, algorithms: [], modelShareBps: 6000 })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});

test('states move only where the tables say', () => {
  expect(nextOrderState('open', 'grantQuorum')).toBe('granted');
  expect(nextDisputeState('undecided', 'escalateBySeller')).toBe('jury');
  expect(() => nextDisputeState('accepted', 'escalateBySeller')).toThrow(/accepted cannot take "escalateBySeller"/);
  expect(() => nextOrderState('refunded', 'claim')).toThrow(/refunded cannot take "claim"/);
  expect(nextJobState('submitted', 'verdictReject')).toBe('rejected');
  expect(nextJobState('rejected', 'finalize')).toBe('slashed');
  expect(nextJobState('accepted', 'overturn')).toBe('slashed');
  expect(() => nextJobState('settled', 'refundStalled')).toThrow();
});

test('a proof id says what it is', () => {
  expect([1, 2, 3, 4, 5].map((prefix) => proofKindOf(`0x0${prefix}${'0'.repeat(62)}`))).toEqual(['order', 'job', 'round', 'subscription', 'owner']);
  expect(() => proofKindOf('0x06')).toThrow(/neither an order/);
});

test('a manifest tells its key under an open licence only', () => {
  const sealed = { format: 'age-encryption.org/v1' as const, cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', size: 10, keysetDigest: digest, contentRoot: digest, contentCommitment: digest, fileName: 'a.csv', mediaType: 'text/csv', ciphertextSha256: digest };
  const build = (license: string) => buildManifest({ description: { title: 'A', description: 'B', license, tags: [] }, sealed, openSecret: digest });
  expect(build('cc-by-4.0').manifest['nd:open']).toEqual({ secret: digest });
  for (const license of ['LicenseRef-Own', 'CC-BY-NC-4.0', 'https://example.org']) expect(() => build(license)).toThrow(expect.objectContaining({ code: 'BAD_MANIFEST' }));
});
