import { expect, test } from 'vitest';
import { type TrainSpecInput, engineId, predict, train } from '../src/index.ts';
import { exportSafetensors } from '../src/export/index.ts';
import { parseModel } from '../src/model/model.ts';
import { encodeRows } from '../src/prepare/encodeRows.ts';
import { designWidth } from '../src/prepare/fittedFeature.ts';
import { readTable } from '../src/table/readTable.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from './datasets.ts';

type Header = Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> & { __metadata__: Record<string, string> };

/** A reader as the format's page tells it. */
function readTensors(bytes: Uint8Array): { metadata: Record<string, string>; tensors: Map<string, { shape: number[]; values: number[] }> } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const { __metadata__: metadata, ...entries } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Header;
  let end = 0;
  const tensors = Object.entries(entries).map(([name, { dtype, shape, data_offsets: [first, last] }]) => {
    expect([dtype, first, last - first]).toEqual(['F32', end, shape.reduce((product, size) => product * size, 4)]);
    end = last;
    return [name, { shape, values: Array.from({ length: (last - first) / 4 }, (_, index) => view.getFloat32(8 + length + first + index * 4, true)) }] as const;
  });
  expect(bytes.length).toBe(8 + length + end);
  return { metadata, tensors: new Map(tensors) };
}

/** `nn.Linear` after `nn.Linear`, ReLU between them. */
function apply(tensors: ReturnType<typeof readTensors>['tensors'], row: number[]): number[] {
  let values = row;
  for (let layer = 0; tensors.has(`layers.${layer}.weight`); layer += 1) {
    const weight = tensors.get(`layers.${layer}.weight`);
    const bias = tensors.get(`layers.${layer}.bias`)?.values ?? [];
    const inputs = layer === 0 ? values : values.map((value) => Math.max(0, value));
    const width = weight?.shape[1] ?? 0;
    expect(width).toBe(inputs.length);
    values = bias.map((start, output) => inputs.reduce((sum, value, index) => sum + value * (weight?.values[output * width + index] ?? 0), start));
  }
  return values;
}

const base = { algorithm: 'multilayer-perceptron', limits: { maxSteps: 1_000, maxBytes: 1 << 26 }, parameters: { hidden_layer_sizes: [9, 5], max_iter: 10 } };

async function outputsOf(csv: Uint8Array, spec: TrainSpecInput): Promise<{ metadata: Record<string, string>; raw: number[][]; ours: Float64Array; width: number }> {
  const { model } = await train({ csv, spec });
  const { metadata, tensors } = readTensors(exportSafetensors(model));
  const { features } = parseModel(model);
  const table = await readTable(csv, features.map(({ name, kind }) => ({ name, kind })));
  const design = encodeRows({ table, rows: Int32Array.from({ length: table.rows }, (_, row) => row), features });
  const width = designWidth(features);
  const { outputs, columns } = await predict({ model, csv });
  return { metadata, raw: Array.from({ length: table.rows }, (_, row) => apply(tensors, [...design.subarray(row * width, (row + 1) * width)])), ours: outputs, width: columns.length };
}

test('classes: the softmax of the exported layers is our prediction', async () => {
  const { metadata, raw, ours, width } = await outputsOf(penguinsCsv(), { ...penguinsSpec, ...base });
  expect(metadata).toEqual({
    format: 'pt', 'neurodata.engineId': engineId, 'neurodata.target': 'Species', 'neurodata.classes': '["Adelie","Chinstrap","Gentoo"]', 'neurodata.output': 'logits of the classes',
    'neurodata.columns': expect.stringContaining('"Island = Biscoe"'),
  });
  for (const [row, logits] of raw.entries()) {
    const powers = logits.map(Math.exp);
    const total = powers.reduce((sum, power) => sum + power);
    for (const [index, power] of powers.entries()) expect(ours[row * width + index]).toBeCloseTo(power / total, 5);
  }
});

test('numbers: the exported layers, scaled as the metadata says, are our prediction', async () => {
  const features = weatherSpec.features.filter(({ name }) => name !== 'temp_max');
  const { metadata, raw, ours } = await outputsOf(weatherCsv(), { ...weatherSpec, ...base, task: 'regression', target: 'temp_max', features });
  expect(metadata).toMatchObject({ 'neurodata.prediction': 'output * deviation + mean', 'neurodata.output': 'number' });
  for (const [row, [value = 0]] of raw.entries()) expect(ours[row]).toBeCloseTo(value * Number(metadata['neurodata.deviation']) + Number(metadata['neurodata.mean']), 4);
});

test('other algorithms have no tensors', async () => {
  const { model } = await train({ csv: weatherCsv(), spec: weatherSpec });
  expect(() => exportSafetensors(model)).toThrow(expect.objectContaining({ code: 'NO_EXPORT' }));
});
