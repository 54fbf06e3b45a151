import { float64, tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { describeFile } from './fileContent.ts';

const sha256 = (bytes: Uint8Array): string => `0x${createHash('sha256').update(bytes).digest('hex')}`;

test('a large file is described with the digest of all its bytes, whether it is read through or at places', async () => {
  const numbers = Float64Array.from({ length: 4_500_000 }, (_, row) => row % 1_000);
  const arrow = tableToIPC(tableFromArrays({ n: numbers }, { types: { n: float64() } }), { format: 'file' }) ?? new Uint8Array();
  const list = new TextEncoder().encode(`[${'{"n":1,"text":"some words that fill their line"},'.repeat(700_000)}{"n":2}]`);
  for (const [format, bytes, rows] of [['arrow', arrow, 4_500_000], ['json', list, 700_001]] as const) {
    expect(bytes.length).toBeGreaterThan(2 ** 25);
    const told: number[] = [];
    const described = await describeFile(new Blob([new Uint8Array(bytes)]), (done) => void told.push(done));
    expect(described).toMatchObject({ format, rows, sha256: sha256(bytes) });
    expect(described.columns[0]).toMatchObject({ name: 'n', kind: 'numeric', estimated: true });
    expect([told.length > 0, Math.max(...told) <= bytes.length]).toEqual([true, true]);
  }
}, 60_000);
