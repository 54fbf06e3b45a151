import { expect, test } from 'vitest';
import { type TrainSpecInput, algorithms, predict, train } from '../src/index.ts';
import { type ModelJson, modelToJson } from '../src/export/index.ts';
import { describers } from '../src/export/json/describers.ts';
import type { Unit } from '../src/export/json/perceptron.ts';
import type { Rule } from '../src/export/json/trees.ts';
import { penguinsCsv, penguinsSpec, withoutGentoo } from './datasets.ts';
import { bytesOf } from './spec.ts';

test('logistic regression for people: weights by the names of columns', async () => {
  const { model } = await train({ csv: penguinsCsv(), spec: penguinsSpec });
  const json = modelToJson(model);
  expect(json).toMatchObject({ format: 'neurodata-model', algorithm: 'logistic-regression', target: 'Species', classes: ['Adelie', 'Chinstrap', 'Gentoo'], columns: 11 });
  const scores = json.learned?.['scores'] as { of: string; intercept: number; weights: Record<string, number> }[];
  expect(scores.map(({ of }) => of)).toEqual(json.classes);
  expect(Object.keys(scores[0]?.weights ?? {})).toEqual(['Beak Length (mm)', 'Beak Depth (mm)', 'Flipper Length (mm)', 'Body Mass (g)', 'Island = Biscoe', 'Island = Dream', 'Island = Torgersen', 'Sex = .', 'Sex = FEMALE', 'Sex = MALE', 'Sex missing']);
  // What sets Gentoo apart is a long flipper; Adelie has the short beak.
  const weightOf = (species: number, column: string): number => scores[species]?.weights[column] ?? NaN;
  expect(weightOf(2, 'Flipper Length (mm)')).toBeGreaterThan(Math.max(weightOf(0, 'Flipper Length (mm)'), weightOf(1, 'Flipper Length (mm)')));
  expect(weightOf(0, 'Beak Length (mm)')).toBeLessThan(-1);
});

test('two classes have one score', async () => {
  const { model } = await train({ csv: withoutGentoo(), spec: penguinsSpec });
  expect(modelToJson(model).learned).toMatchObject({ scores: [{ of: 'Chinstrap' }] });
});

test('boosting for people: questions in the columns\' own words, which lead where the model goes', async () => {
  const spec = { ...penguinsSpec, algorithm: 'gradient-boosting', parameters: { max_iter: 2, max_leaf_nodes: 3 }, limits: { maxSteps: 1_000, maxBytes: 1 << 26 } };
  const { model } = await train({ csv: withoutGentoo(), spec });
  const { learned } = modelToJson(model);
  expect(learned).toMatchInlineSnapshot(`
    {
      "base": -0.8909729238898654,
      "of": "Chinstrap",
      "reading": "score = base + the sum of the values that the trees lead to; the probability of \`of\` is 1 / (1 + exp(-score))",
      "trees": [
        {
          "missing": "yes",
          "no": {
            "missing": "no",
            "no": {
              "value": 0.34375000045148246,
            },
            "question": "Beak Length (mm) <= 47.85",
            "yes": {
              "value": 0.27103365419171155,
            },
          },
          "question": "Beak Length (mm) <= 43.35",
          "yes": {
            "value": -0.13266744056080956,
          },
        },
        {
          "missing": "yes",
          "no": {
            "missing": "yes",
            "no": {
              "value": 0.21407089993455816,
            },
            "question": "Body Mass (g) <= 3787.5",
            "yes": {
              "value": 0.27976172357022977,
            },
          },
          "question": "Beak Length (mm) <= 43.35",
          "yes": {
            "value": -0.12706192291721818,
          },
        },
      ],
    }
  `);
});

test('the words for a model lead to its predictions', async () => {
  const features = penguinsSpec.features.filter(({ kind, name }) => kind === 'numeric' && name !== 'Body Mass (g)');
  const spec = { ...penguinsSpec, target: 'Body Mass (g)', task: 'regression' as const, features, limits: { maxSteps: 10_000, maxBytes: 1 << 27 } };
  const row = { 'Beak Length (mm)': 40, 'Beak Depth (mm)': 18.5, 'Flipper Length (mm)': 200 };
  const csv = bytesOf(`${Object.keys(row).map((name) => name).join(',')}\n${Object.values(row).join(',')}\n`);
  const values: Record<string, number> = row;
  for (const [algorithm, parameters] of [['ridge-regression', {}], ['decision-tree', { max_depth: 3 }]] as const) {
    const { model } = await train({ csv: penguinsCsv(), spec: { ...spec, algorithm, parameters } });
    const json = modelToJson(model);
    const { outputs } = await predict({ model, csv });
    expect(algorithm === 'decision-tree' ? follow((json.learned?.['trees'] as Rule[] | undefined)?.[0], values) : weigh(json, values)).toBeCloseTo(outputs[0] ?? NaN, 8);
  }
});

test('every algorithm has words', () => {
  expect(algorithms.map(({ name }) => name).filter((name) => describers[name] === undefined)).toEqual([]);
});

const penguin = { 'Beak Length (mm)': 47, 'Beak Depth (mm)': 15.5, 'Flipper Length (mm)': 212 };
const measures = penguinsSpec.features.filter(({ name }) => name in penguin);

/** A model of three measures, its words, and what it says of one penguin. */
async function ofPenguin(spec: Partial<TrainSpecInput>): Promise<{ learned: Record<string, unknown>; classes: string[]; design: number[]; outputs: number[] }> {
  const { model } = await train({ csv: penguinsCsv(), spec: { ...penguinsSpec, features: measures, parameters: {}, limits: { maxSteps: 10_000, maxBytes: 1 << 27 }, ...spec } });
  const json = modelToJson(model);
  const csv = bytesOf(`${Object.keys(penguin).join(',')}\n${Object.values(penguin).join(',')}\n`);
  const design = json.features.map((feature) => (feature.kind === 'numeric' ? ((penguin as Record<string, number>)[feature.name]! - feature.mean) / feature.deviation : NaN));
  return { learned: json.learned ?? {}, classes: json.classes, design, outputs: [...(await predict({ model, csv })).outputs] };
}

function softmax(scores: readonly number[]): number[] {
  const powers = scores.map(Math.exp);
  return powers.map((power) => power / powers.reduce((sum, one) => sum + one, 0));
}

const near = (values: readonly number[], digits: number): number[] => values.map((value) => expect.closeTo(value, digits) as number);

test('the words for naive Bayes lead to its probabilities', async () => {
  const normal = await ofPenguin({ algorithm: 'gaussian-naive-bayes' });
  const scores = normal.learned['scores'] as { of: string; prior: number; columns: Record<string, { mean: number; variance: number }> }[];
  expect(scores.map(({ of }) => of)).toEqual(normal.classes);
  const logs = scores.map(({ prior, columns }) => Math.log(prior) - Object.values(columns).reduce((sum, { mean, variance }, column) => sum + (Math.log(2 * Math.PI * variance) + (normal.design[column]! - mean) ** 2 / variance) / 2, 0));
  expect(normal.outputs).toEqual(near(softmax(logs), 9));
  const counts = await ofPenguin({ algorithm: 'multinomial-naive-bayes', parameters: { alpha: 0.5 } });
  const lines = counts.learned['scores'] as { intercept: number; weights: Record<string, number> }[];
  expect(Object.keys(lines[0]!.weights)).toEqual(Object.keys(penguin));
  expect(counts.outputs).toEqual(near(softmax(lines.map(({ intercept, weights }) => intercept + Object.values(weights).reduce((sum, weight, column) => sum + weight * counts.design[column]!, 0))), 9));
});

test('the words for a neural network lead to its answers', async () => {
  const last = async (spec: Partial<TrainSpecInput>): Promise<{ units: Unit[]; outputs: number[]; learned: Record<string, unknown>; values: number[] }> => {
    const { learned, design, outputs } = await ofPenguin({ algorithm: 'multilayer-perceptron', parameters: { hidden_layer_sizes: [5, 3], max_iter: 20 }, ...spec });
    const layers = learned['layers'] as { units: Unit[] }[];
    expect(layers.map(({ units }) => units.length).slice(0, 2)).toEqual([5, 3]);
    const values = layers.reduce((inputs, { units }, layer) => units.map(({ bias, weights }) => {
      const sum = Object.values(weights).reduce((all, weight, input) => all + weight * inputs[input]!, bias);
      return layer === layers.length - 1 ? sum : Math.max(0, sum);
    }), design);
    return { units: layers.at(-1)?.units ?? [], outputs, learned, values };
  };
  const species = await last({});
  expect(species.units.map(({ of }) => of)).toEqual(['Adelie', 'Chinstrap', 'Gentoo']);
  expect(species.outputs).toEqual(near(softmax(species.values), 4));
  const mass = await last({ target: 'Body Mass (g)', task: 'regression' });
  expect(mass.units.map(({ of }) => of)).toEqual(['Body Mass (g)']);
  expect(mass.outputs[0]! / (mass.values[0]! * Number(mass.learned['deviation']) + Number(mass.learned['mean']))).toBeCloseTo(1, 5);
});

test('the words for clusters and components lead to them', async () => {
  const groups = await ofPenguin({ algorithm: 'k-means', target: null, parameters: { n_clusters: 3 } });
  const clusters = groups.learned['clusters'] as { cluster: number; centre: Record<string, number>; units: Record<string, number> }[];
  const ways = clusters.map(({ centre }) => Object.values(centre).reduce((sum, value, column) => sum + (value - groups.design[column]!) ** 2, 0));
  expect(groups.outputs).toEqual([ways.indexOf(Math.min(...ways))]);
  // In millimetres, and not on a standard scale.
  for (const { units } of clusters) expect(units['Flipper Length (mm)']).toBeGreaterThan(170);
  const whitened = await ofPenguin({ algorithm: 'pca', target: null, parameters: { n_components: 2, whiten: true } });
  const means = Object.values(whitened.learned['means'] as Record<string, number>);
  const components = whitened.learned['components'] as { variance: number; share: number; weights: Record<string, number> }[];
  expect(whitened.outputs).toEqual(near(components.map(({ variance, weights }) => Object.values(weights).reduce((sum, weight, column) => sum + weight * (whitened.design[column]! - means[column]!), 0) / Math.sqrt(variance)), 9));
  expect(components.map(({ share }) => share)).toEqual(near(components.map(({ variance }) => variance / Number(whitened.learned['totalVariance'])), 12));
});

/** Answers a tree's questions as a person would. */
function follow(rule: Rule | undefined, row: Record<string, number>): number {
  if (rule === undefined) throw new Error('no rule');
  if ('value' in rule) return Number(rule.value);
  const [, name = '', threshold] = /^(.*) <= (.*)$/.exec(rule.question) ?? [];
  return follow((row[name] ?? NaN) <= Number(threshold) ? rule.yes : rule.no, row);
}

function weigh({ learned, features }: ModelJson, row: Record<string, number>): number {
  const { intercept, weights } = learned as unknown as { intercept: number; weights: Record<string, number> };
  return features.reduce((sum, feature) => sum + (feature.kind === 'numeric' ? (weights[feature.name] ?? NaN) * (((row[feature.name] ?? NaN) - feature.mean) / feature.deviation) : NaN), intercept);
}
