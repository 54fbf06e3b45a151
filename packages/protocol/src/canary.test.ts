import { expect, test } from 'vitest';
import { type Canary, formatCanary, parseCanary } from './canary.ts';

const canary: Canary = { kind: 'neurodata-canary', jobId: `0x${'0b'.repeat(32)}`, receiptDigest: `0x${'4e'.repeat(32)}`, digests: [`0x${'d0'.repeat(32)}`, `0x${'d1'.repeat(32)}`], salt: `0x${'5a'.repeat(32)}` };

test('a canary is kept as a document', () => {
  expect(parseCanary(formatCanary(canary))).toEqual(canary);
});

test.each([
  ['nothing', ''],
  ['another document', '{"kind":"neurodata-offer"}'],
  ['one checkpoint, which cannot differ from the start', JSON.stringify({ ...canary, digests: canary.digests.slice(1) })],
  ['a short salt', JSON.stringify({ ...canary, salt: '0x5a' })],
  ['a field more', JSON.stringify({ ...canary, note: '' })],
])('refuses %s', (_, text) => {
  expect(() => parseCanary(text)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});
