import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { profileCsv } from '@neurodata/engine';
import type { ManifestColumn } from '@neurodata/protocol';

const require = createRequire(import.meta.url);

type Penguin = Record<string, string | number | null>;

/** The penguins of npm `vega-datasets` (344 rows, CC0) as CSV bytes. */
export function penguinsCsv(): Uint8Array {
  const rows = JSON.parse(readFileSync(require.resolve('vega-datasets/data/penguins.json'), 'utf8')) as Penguin[];
  const names = ['Species', 'Island', 'Beak Length (mm)', 'Beak Depth (mm)', 'Flipper Length (mm)', 'Body Mass (g)', 'Sex'];
  const cell = (value: string | number | null | undefined): string => (value === null || value === undefined || value === '.' ? '' : String(value));
  const lines = [names.join(','), ...rows.map((row) => names.map((name) => cell(row[name])).join(','))];
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

/** Rows and columns as a manifest lists them. */
export function describeCsv(csv: Uint8Array): { rows: number; columns: ManifestColumn[] } {
  const { rows, columns } = profileCsv(csv);
  return { rows, columns: columns.map(({ name, kind, missing, distinct }) => ({ name, kind, missing, distinct })) };
}

/** One chunk as the stream that publishing takes. */
export async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
