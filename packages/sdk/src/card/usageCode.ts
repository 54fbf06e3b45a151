import type { CardSource } from './card.ts';

export function useInShell({ spec }: CardSource): string {
  const lines = ['neurodata models predict model.ndm --rows rows.csv --out predictions.csv'];
  if (spec.train.task === 'classification' || spec.train.task === 'regression') lines.push('neurodata models export model.ndm --format onnx --out model.onnx');
  return lines.join('\n');
}

export function verifyInShell({ receipt }: CardSource): string {
  return `neurodata runs verify ${receipt.body.jobId}`;
}

export function useInTypeScript(): string {
  return [
    "import { readFile } from 'node:fs/promises';",
    "import { predict } from '@neurodata/engine';",
    "const { labels, columns, outputs } = await predict({ model: await readFile('model.ndm'), csv: await readFile('rows.csv') });",
  ].join('\n');
}

export function useInPython({ spec }: CardSource): string {
  const numbers = spec.train.features.filter(({ kind }) => kind === 'numeric').map(({ name }) => name);
  const texts = spec.train.features.filter(({ kind }) => kind === 'categorical').map(({ name }) => name);
  return [
    'import numpy, onnxruntime, pandas',
    "rows = pandas.read_csv('rows.csv')",
    `numbers = ${JSON.stringify(numbers)}`,
    `texts = ${JSON.stringify(texts)}`,
    'feeds = {name: rows[[name]].to_numpy(numpy.float64) for name in numbers}',
    "feeds |= {name: rows[[name]].fillna('').astype(str).to_numpy(object) for name in texts}",
    "answers = onnxruntime.InferenceSession('model.onnx').run(None, feeds)",
  ].join('\n');
}
