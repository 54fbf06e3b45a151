import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TrainSpecInput } from '@neurodata/engine';
import type { BenchData } from '../engine/benchCase.ts';

const limits = { maxSteps: 100_000, maxBytes: 2 ** 31 };
const split = { rule: 'hash-rank', seed: 7, testFraction: 0.2 } as const;

/** Seattle's weather 2012 to 2015 (NOAA, public domain), from vega-datasets. */
export function weatherCsv(): Uint8Array {
  return readFileSync(join(dirname(fileURLToPath(import.meta.resolve('vega-datasets'))), '../data/seattle-weather.csv'));
}

/** A small network on it, trained for 1,000 epochs of one step each: a run of 1,001 checkpoints that takes about a second. */
export function weatherSpec(randomState: number): TrainSpecInput {
  return {
    algorithm: 'multilayer-perceptron', target: 'weather', split, limits,
    features: ['precipitation', 'temp_max', 'temp_min', 'wind'].map((name) => ({ name, kind: 'numeric' as const })),
    parameters: { hidden_layer_sizes: [8], batch_size: 600, max_iter: 1_000, n_iter_no_change: 10_000, dropout: 0.1, random_state: randomState },
  };
}

/** Columns f0, f1, ... and y (a letter for each class) as a CSV file. */
export function toCsv({ columns, target }: BenchData): Uint8Array {
  const lines = [[...columns.map((_, index) => `f${index}`), 'y'].join(',')];
  for (let row = 0; row < (columns[0]?.length ?? 0); row += 1) lines.push([...columns.map((column) => column[row]), String.fromCodePoint(97 + (target?.[row] ?? 0))].join(','));
  return new TextEncoder().encode(lines.join('\n'));
}

/** A spec for {@link toCsv}'s table. */
export function specFor({ columns }: BenchData, algorithm: string, parameters: NonNullable<TrainSpecInput['parameters']>): TrainSpecInput {
  return { algorithm, target: 'y', features: columns.map((_, index) => ({ name: `f${index}`, kind: 'numeric' as const })), split, parameters, limits };
}
