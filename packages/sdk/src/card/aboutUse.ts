import type { CardSection, CardSource } from './card.ts';

/** Where it comes from, how to check that, and how to use it. */
export function aboutUse(source: CardSource): CardSection[] {
  const { receipt, receiptDigest, spec } = source;
  const { body } = receipt;
  return [
    {
      title: 'Lineage',
      blocks: [{
        kind: 'table', head: ['What', 'Id'], rows: [
          ['Run', body.jobId], ['Dataset', `asset ${spec.input.assetId}, version ${spec.input.version}`], ['Worker', receipt.worker], ['Spec', body.specDigest], ['Receipt', receiptDigest], ['Model', body.modelDigest],
          ['Engine', body.engineId], ['Checkpoints', `${body.checkpointDigests.length}, root ${body.checkpointRoot}`],
        ],
      }],
    },
    {
      title: 'Verify it',
      blocks: [
        { kind: 'text', text: 'The receipt and this card can be checked by everybody; whoever has the rows repeats the run to the same model, bit for bit.' },
        { kind: 'code', language: 'sh', code: `neurodata runs verify ${body.jobId}` },
      ],
    },
    {
      title: 'Use it',
      blocks: [
        { kind: 'code', language: 'sh', code: useInShell(source) },
        { kind: 'code', language: 'ts', code: useInTypeScript() },
        ...(spec.train.task === 'classification' || spec.train.task === 'regression' ? [{ kind: 'code' as const, language: 'python', code: useInPython(source) }] : []),
      ],
    },
  ];
}

function useInShell({ spec }: CardSource): string {
  const lines = ['neurodata models predict model.ndm --rows rows.csv --out predictions.csv'];
  if (spec.train.task === 'classification' || spec.train.task === 'regression') lines.push('neurodata models export model.ndm --format onnx --out model.onnx');
  return lines.join('\n');
}

function useInTypeScript(): string {
  return [
    "import { readFile } from 'node:fs/promises';",
    "import { predict } from '@neurodata/engine';",
    "const { labels, columns, outputs } = await predict({ model: await readFile('model.ndm'), csv: await readFile('rows.csv') });",
  ].join('\n');
}

function useInPython({ spec }: CardSource): string {
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
