import { engineId, train, checkTrainSpec } from '@neurodata/engine';
import { type JobSpec, type Receipt } from '@neurodata/protocol';
import { cardMarkdown, modelCard } from '@neurodata/sdk';
import { expect, test } from 'vitest';

const hex = (fill: string): `0x${string}` => `0x${fill.repeat(32)}`;
const rows = Array.from({ length: 400 }, (_, index) => `${index % 17},${(index * 7) % 23},c${index % 3},${(index % 17) + ((index * 7) % 23) > 18 ? 'yes' : 'no|`<b>'}`);
const csv = new TextEncoder().encode(`a,b,"kind|of",label\n${rows.join('\n')}\n`);

async function sourceOf(algorithm: string): Promise<{ receipt: Receipt; spec: JobSpec }> {
  const spec: JobSpec = {
    version: 1, input: { assetId: 3, version: 2, contentRoot: hex('11') }, engineId,
    train: checkTrainSpec({
      algorithm, target: 'label', features: [{ name: 'a', kind: 'numeric' }, { name: 'b', kind: 'numeric' }, { name: 'kind|of', kind: 'categorical' }],
      split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 }, limits: { maxSteps: 10_000, maxBytes: 100_000_000 },
    }),
  };
  const run = await train({ csv, spec: spec.train });
  const receipt: Receipt = {
    worker: '0x00000000000000000000000000000000000000aa', signature: '0x00',
    body: {
      version: 1, jobId: hex('02'), specDigest: hex('12'), input: spec.input, engineId, steps: run.steps, converged: run.converged, checkpointRoot: run.checkpointRoot,
      checkpointDigests: run.checkpoints.map(({ digest }) => digest), modelDigest: run.modelDigest, metrics: run.metrics, lossCurve: run.lossCurve, logDigest: hex('13'),
      sealed: { modelCid: 'bafkreihdwdcefgh4', checkpointsCid: 'bafkreihdwdcefgh4' },
    },
  };
  return { receipt, spec };
}

test('a card says what was learned, how well, and how to check it', async () => {
  for (const algorithm of ['logistic-regression', 'gradient-boosting']) {
    const source = await sourceOf(algorithm);
    const text = cardMarkdown(modelCard({ title: 'Yes or *no*', receiptDigest: hex('44'), ...source }));
    const { body } = source.receipt;
    expect(text.split('\n').filter((line) => /^##? /.test(line))).toEqual(['# Yes or \\*no\\*', '## In short', '## Data', '## How it was trained', '## Results', '## What it looks at', '## Limits', '## Lineage', '## Verify it', '## Use it']);
    for (const known of [body.modelDigest, body.engineId, body.checkpointRoot, hex('44'), `Asset 3, version 2`, '300 rows to train on and 100 to test on', `neurodata runs verify ${body.jobId}`, algorithm.replaceAll('-', ' ')]) expect(text).toContain(known);
    for (const [name, value] of Object.entries(source.spec.train.parameters)) expect(text).toContain(`| ${name.replaceAll('_', '\\_')} | ${String(value ?? 'none').replaceAll('_', '\\_')} |`);
    expect(text).toContain(String(Number((body.metrics.scores['accuracy'] ?? 0).toPrecision(4))));
    // Of a and b the label is made, the category says nothing.
    const falls = Array.from(text.matchAll(/^\| (a|b|kind\\\|of) \| (-?[\d.e-]+) \| [\d.e-]+ \|$/gm), ([, name, fall]) => ({ name, fall: Number(fall) }));
    expect(falls.map(({ name }) => name).at(-1)).toBe('kind\\|of');
    expect(falls[0]?.fall).toBeGreaterThan(0.1);
  }
});

test('names from strangers do not become markup', async () => {
  const text = cardMarkdown(modelCard({ title: 'a\n# b', receiptDigest: hex('44'), ...(await sourceOf('logistic-regression')) }));
  const prose = text.replaceAll(/```[\s\S]*?```/g, '');
  expect(prose).not.toMatch(/(?<!\\)</);
  expect(text.split('\n')[0]).toBe('# a \\# b');
  const tables = prose.split('\n').filter((line) => line.startsWith('|') && line.includes('no'));
  for (const line of tables) expect(line).not.toContain('no|');
});
