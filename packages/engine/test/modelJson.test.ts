import { expect, test } from 'vitest';
import { predict, train } from '../src/index.ts';
import { type ModelJson, modelToJson } from '../src/export/index.ts';
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
