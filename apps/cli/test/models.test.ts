import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { predict, train } from '@neurodata/engine';
import { afterAll, beforeAll, expect, test } from 'vitest';

const bin = path.join(import.meta.dirname, '../bin/neurodata.mjs');
const rows = Array.from({ length: 300 }, (_, index) => `${index % 17},c${index % 3},${index % 17 > 8 ? 'yes' : 'no'}`);
const csv = `a,kind,label\n${rows.join('\n')}\n`;
let folder = '';
const at = (name: string): string => path.join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'neurodata-models-'));
  const { model } = await train({
    csv: new TextEncoder().encode(csv),
    spec: { algorithm: 'decision-tree', target: 'label', features: [{ name: 'a', kind: 'numeric' }, { name: 'kind', kind: 'categorical' }], split: { rule: 'hash-rank', seed: 1, testFraction: 0.2 }, limits: { maxSteps: 1_000, maxBytes: 1 << 26 } },
  });
  writeFileSync(at('model.ndm'), model);
  writeFileSync(at('rows.csv'), csv);
});
afterAll(() => rmSync(folder, { recursive: true }));

function neurodata(...words: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'models', ...words], { cwd: folder, env: { ...process.env, NEURODATA_HOME: at('state'), NEURODATA_URL: 'http://127.0.0.1:1' }, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

test('a model is exported, and what came out is checked', () => {
  expect(neurodata('export', 'model.ndm', '--format', 'onnx', '--out', 'model.onnx')).toMatchObject({ code: 0, stdout: expect.stringContaining('Wrote model.onnx') });
  const good = neurodata('check', 'model.onnx', '--data', 'rows.csv', '--target', 'label', '--claim', 'accuracy=1', '--json');
  expect(good.code).toBe(0);
  expect(JSON.parse(good.stdout)).toMatchObject({ ran: true, rows: 300, scores: { accuracy: 1 }, claims: [{ name: 'accuracy', claimed: 1, measured: 1, holds: true }] });
  const bold = neurodata('check', 'model.onnx', '--data', 'rows.csv', '--target', 'label', '--claim', 'accuracy=1.5');
  expect(bold).toMatchObject({ code: 1, stdout: expect.stringContaining('does not hold') });
  expect(neurodata('check', 'model.ndm', '--data', 'rows.csv', '--target', 'label')).toMatchObject({ code: 1, stdout: expect.stringContaining('NOT_ONNX') });
  expect(neurodata('export', 'model.ndm', '--format', 'json', '--out', 'model.json').code).toBe(0);
  expect(JSON.parse(readFileSync(at('model.json'), 'utf8'))).toMatchObject({ algorithm: 'decision-tree', learned: { trees: [{ question: expect.stringMatching(/^a <= /) }] } });
  expect(neurodata('export', 'model.ndm', '--format', 'safetensors', '--out', 'model.safetensors')).toMatchObject({ code: 1, stderr: expect.stringContaining('NO_EXPORT') });
}, 300_000);

test('predictions go to a file, or to stdout', async () => {
  const { labels } = await predict({ model: readFileSync(at('model.ndm')), csv: new TextEncoder().encode(csv) });
  expect(neurodata('predict', 'model.ndm', '--rows', 'rows.csv', '--out', 'out.csv')).toMatchObject({ code: 0, stdout: 'Wrote out.csv (300 rows)\n' });
  const text = readFileSync(at('out.csv'), 'utf8');
  expect(text.split('\n').slice(1, -1).map((line) => line.split(',')[0])).toEqual(labels);
  expect(neurodata('predict', 'model.ndm', '--rows', 'rows.csv').stdout).toBe(text);
  expect(JSON.parse(neurodata('predict', 'model.ndm', '--rows', 'rows.csv', '--json').stdout)).toMatchObject({ rows: 300, labels });
  expect(neurodata('predict', 'model.ndm', '--rows', 'none.csv')).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no file none.csv') });
}, 300_000);
