import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TrainSpecInput } from '../src/index.ts';

// The package exports its code only, so the files are found beside it.
const data = join(dirname(fileURLToPath(import.meta.resolve('vega-datasets'))), '../data');
const limits = { maxSteps: 100, maxBytes: 64 * 1024 * 1024 };

/** Palmer penguins (CC0) as CSV, from vega-datasets. */
export function penguinsCsv(): Uint8Array {
  const rows = JSON.parse(readFileSync(join(data, 'penguins.json'), 'utf8')) as Record<string, string | number | null>[];
  const names = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => names.map((name) => row[name] ?? '').join(','));
  return new TextEncoder().encode(`${[names.join(','), ...lines].join('\n')}\n`);
}

/** The penguins of two species: a problem with two classes. */
export function withoutGentoo(): Uint8Array {
  const lines = new TextDecoder().decode(penguinsCsv()).split('\n');
  return new TextEncoder().encode(lines.filter((line) => !line.startsWith('Gentoo')).join('\n'));
}

export const penguinsSpec: TrainSpecInput = {
  algorithm: 'logistic-regression',
  target: 'Species',
  features: [
    { name: 'Beak Length (mm)', kind: 'numeric' },
    { name: 'Beak Depth (mm)', kind: 'numeric' },
    { name: 'Flipper Length (mm)', kind: 'numeric' },
    { name: 'Body Mass (g)', kind: 'numeric' },
    { name: 'Island', kind: 'categorical' },
    { name: 'Sex', kind: 'categorical' },
  ],
  split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 },
  parameters: { C: 1, max_iter: 50, tol: 1e-8 },
  limits,
};

/** Seattle's weather 2012 to 2015 (NOAA, public domain) as CSV, from vega-datasets. */
export function weatherCsv(): Uint8Array {
  return readFileSync(join(data, 'seattle-weather.csv'));
}

export const weatherSpec: TrainSpecInput = {
  algorithm: 'logistic-regression',
  target: 'weather',
  features: ['precipitation', 'temp_max', 'temp_min', 'wind'].map((name) => ({ name, kind: 'numeric' as const })),
  split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 },
  parameters: { C: 1, max_iter: 50, tol: 1e-8 },
  limits,
};
