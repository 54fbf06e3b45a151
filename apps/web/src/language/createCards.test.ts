import { checkTrainSpec, engineId, train } from '@neurodata/engine';
import type { JobSpec, Receipt } from '@neurodata/protocol';
import { cardMarkdown, modelCard } from '@neurodata/sdk';
import { expect, test } from 'vitest';
import { packagePart, readCatalogues } from '../../languages.ts';
import { createCards } from './createCards.ts';
import { createTFrom } from './createTFrom.ts';
import { createFormats } from './format.ts';

const hex = (fill: string): `0x${string}` => `0x${fill.repeat(32)}`;
const { de = {} } = await readCatalogues();
const { grouped, numeral } = createFormats('de-DE');
const { cardWords, sayCard } = createCards({ say: createTFrom({ ...(await packagePart(de)), grouped }), numeral });

test('a model card is German throughout, and leaves names as they are', async () => {
  const rows = Array.from({ length: 120 }, (_, index) => `${index % 17},${(index * 7) % 23},c${index % 3},${(index % 17) + ((index * 7) % 23) > 18 ? 'Run' : 'a number'}`);
  // A column and a class are called like words of the card.
  const csv = new TextEncoder().encode(`Kind,b,c,label\n${rows.join('\n')}\n`);
  const spec: JobSpec = {
    version: 1, input: { assetId: 3, version: 2, contentRoot: hex('11') }, engineId,
    train: checkTrainSpec({
      algorithm: 'logistic-regression', target: 'label', features: [{ name: 'Kind', kind: 'numeric' }, { name: 'b', kind: 'numeric' }, { name: 'c', kind: 'categorical' }],
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
  const text = cardMarkdown(sayCard(modelCard({ title: 'Mein Modell', receipt, spec, receiptDigest: hex('44') }, cardWords))).replaceAll(/```[\s\S]*?```/g, '');
  expect(text.split('\n').filter((line) => line.startsWith('## '))).toEqual(['## In Kürze', '## Daten', '## Wie es trainiert wurde', '## Ergebnisse', '## Worauf es achtet', '## Grenzen', '## Herkunft', '## Nachprüfen', '## Benutzen']);
  expect(text).toContain('Ein Modell (Logistische Regression), das label vorhersagt, eine von 2 Klassen, aus 3 Spalten. Auf 30 Zeilen, die es nie gesehen hat: Richtigkeit ');
  expect(text).toContain('| Kind | eine Zahl |');
  expect(text).toContain('| Ist (Zeilen); vorhergesagt (Spalten) | Run | a number |');
  expect(text).toContain('Asset 3, Version 2');
  expect(text).not.toMatch(/\b(the|of|rows|is|and|column|on)\b/i);
  expect(text).not.toMatch(/\d\.\d/);
});
