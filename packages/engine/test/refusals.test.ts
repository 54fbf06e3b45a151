import { expect, test } from 'vitest';
import { EngineError, algorithms, checkTrainSpec, predict, profileCsv, readModel, train } from '../src/index.ts';
import { canonicalJson } from '../src/canonicalJson.ts';
import { writeModel } from '../src/model/model.ts';
import { doublesToBytes } from '../src/run/checkpoint.ts';
import { penguinsCsv, penguinsSpec } from './datasets.ts';
import { bytesOf, specOf } from './spec.ts';

function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof EngineError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

function trainRefusal(csv: string, spec = specOf('y', [{ name: 'n', kind: 'numeric' }])): Promise<string> {
  return refusalOf(train({ csv: bytesOf(csv), spec }));
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof EngineError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

test('bad files', () => {
  expect(refusal(() => profileCsv(new Uint8Array()))).toMatchInlineSnapshot(`"EMPTY_FILE: The file is empty: a table needs a header and at least one row."`);
  expect(refusal(() => profileCsv(bytesOf('a,b\n')))).toMatchInlineSnapshot(`"EMPTY_FILE: The table has a header but no rows: add at least one row."`);
  expect(refusal(() => profileCsv(Uint8Array.of(97, 10, 0xff)))).toMatchInlineSnapshot(`"NOT_UTF8: The file is not valid UTF-8: save it as UTF-8 and try again."`);
  expect(refusal(() => profileCsv(bytesOf('a,b\n1,2\n3\n')))).toMatchInlineSnapshot(`"RAGGED_ROW: Row 3 has 1 fields, the header has 2 (the header is row 1): quote fields that hold commas or line ends, and fill in missing ones."`);
  expect(refusal(() => profileCsv(bytesOf('a,b\n1,2\n\n')))).toMatchInlineSnapshot(`"RAGGED_ROW: Row 3 has 1 fields, the header has 2 (the header is row 1): quote fields that hold commas or line ends, and fill in missing ones."`);
  expect(refusal(() => profileCsv(bytesOf('a,,b\n1,2,3')))).toMatchInlineSnapshot(`"EMPTY_COLUMN_NAME: Column 2 has no name: name every column in the header."`);
  expect(refusal(() => profileCsv(bytesOf('a,b,a\n1,2,3')))).toMatchInlineSnapshot(`"DUPLICATE_COLUMN: Column name "a" stands twice in the header: rename one of them."`);
  expect(refusal(() => profileCsv(bytesOf('a\n"x')))).toMatchInlineSnapshot(`"BAD_CSV: Row 2 opens a quote that is never closed: close it (the header is row 1)."`);
  expect(refusal(() => profileCsv(bytesOf('a\n"x"y')))).toMatchInlineSnapshot(`"BAD_CSV: Row 2 goes on after a closing quote: end the field there, or double the quote (the header is row 1)."`);
  expect(refusal(() => profileCsv(bytesOf('a\n "y"')))).toMatchInlineSnapshot(`"BAD_CSV: Row 2 holds blanks before a quote: begin the field with the quote (the header is row 1)."`);
  expect(refusal(() => profileCsv(bytesOf('a\rb')))).toMatchInlineSnapshot(`"BAD_CSV: Row 1 holds a carriage return without a line feed: end lines with CRLF or LF (the header is row 1)."`);
});

test('tables that cannot be learned', async () => {
  const rows = (count: number, row: (index: number) => string): string => `y,n\n${Array.from({ length: count }, (_, i) => row(i)).join('\n')}`;
  expect(await trainRefusal(rows(8, (i) => `a,${i}`))).toMatchInlineSnapshot(`"ONE_CLASS: Target "y" is "a" in every training row: choose a target with at least two classes."`);
  expect(await trainRefusal('y,n\na,1\nb,2')).toMatchInlineSnapshot(`"TOO_FEW_ROWS: 2 rows with a target leave 2 to train and 0 to test: 2 and 1 are the least, so add rows or change spec.split.testFraction."`);
  expect(await trainRefusal(rows(8, (i) => `class${i},${i}`))).toMatchInlineSnapshot(`"UNSEEN_CLASS: Class "class3" of target "y" is only in test rows: change spec.split.seed or testFraction, or merge rare classes."`);
  expect(await trainRefusal(rows(8, (i) => `${i % 2},${i === 5 ? '1,5' : i}`))).toMatchInlineSnapshot(`"RAGGED_ROW: Row 7 has 3 fields, the header has 2 (the header is row 1): quote fields that hold commas or line ends, and fill in missing ones."`);
  expect(await trainRefusal(rows(8, (i) => `${i % 2},${i === 5 ? '0x10' : i}`))).toMatchInlineSnapshot(`"BAD_NUMBER: Column "n" holds no finite decimal number in row 7 (the header is row 1): correct it, leave it empty, or use the column as categorical."`);
  expect(await trainRefusal(rows(8, (i) => `${i % 2},${i === 5 ? '1e999' : i}`))).toMatchInlineSnapshot(`"BAD_NUMBER: Column "n" holds no finite decimal number in row 7 (the header is row 1): correct it, leave it empty, or use the column as categorical."`);
  expect(await trainRefusal(rows(8, (i) => `${i % 2},${i}e307`))).toMatchInlineSnapshot(`"NOT_FINITE: Column "n" holds numbers too large to average: rescale it."`);
  expect(await trainRefusal('y,m\na,1\nb,2')).toMatchInlineSnapshot(`"MISSING_COLUMN: The table has no column "n": its columns are "y", "m"."`);
  expect(await trainRefusal('z,n\na,1\nb,2')).toMatchInlineSnapshot(`"MISSING_COLUMN: The table has no column "y": its columns are "z", "n"."`);
  const tight = specOf('y', [{ name: 'n', kind: 'categorical' }], { limits: { maxSteps: 1, maxBytes: 200_000 } });
  expect(await trainRefusal(rows(300, (i) => `${i % 2},${i}`), tight)).toMatchInlineSnapshot(`"TOO_LARGE: The problem of 300 rows, 225 encoded columns and 2 classes needs 11420260 bytes, spec.limits.maxBytes is 200000: raise the limit, or use fewer rows, columns or categories."`);
  expect(await trainRefusal(rows(90_000, (i) => `${i % 2},${i}`), tight)).toMatchInlineSnapshot(`"TOO_LARGE: The file needs 708893 bytes, spec.limits.maxBytes is 200000: raise the limit, or use fewer rows, columns or categories."`);
});

test('spec fields', () => {
  const change = (edit: (spec: ReturnType<typeof clone>) => void): string => {
    const spec = clone();
    edit(spec);
    return refusal(() => checkTrainSpec(spec));
  };
  const clone = (): Record<string, never> & Record<'split' | 'parameters' | 'limits', Record<string, unknown>> => structuredClone(penguinsSpec) as never;
  const set = (at: string, value: unknown): string => change((spec) => {
    const [first = '', second] = at.split('.');
    if (second === undefined) Object.assign(spec, { [first]: value });
    else Object.assign(spec[first as 'split'], { [second]: value });
  });
  const logistic = { l1_ratio: 0, fit_intercept: true, class_weight: 'none' };
  expect(checkTrainSpec(penguinsSpec)).toEqual({ ...penguinsSpec, parameters: { ...penguinsSpec.parameters, ...logistic }, task: 'classification', weight: null, preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' } });
  expect(refusal(() => checkTrainSpec(null))).toMatchInlineSnapshot(`"BAD_SPEC: spec is null: it must be an object with algorithm, task, target, features, weight, preprocess, split, parameters, limits, validation, search."`);
  expect(set('algorithm', 'svm')).toBe(`BAD_SPEC: spec.algorithm is "svm": it must be ${algorithms.map(({ name }) => JSON.stringify(name)).join(' or ')}.`);
  expect([
    set('target', ''),
    set('target', 'Sex'),
    set('features', []),
    set('features', [{ name: 'a', kind: 'text' }]),
    set('features', [{ name: 'a', kind: 'numeric' }, { name: 'a', kind: 'numeric' }]),
    set('task', 'regression'),
    set('weight', 'Sex'),
    set('preprocess', { scale: 'robust' }),
    set('preprocess', { impute: 'none' }),
    set('split.rule', 'random'),
    set('split.seed', 1.5),
    set('split.seed', -1),
    set('split.testFraction', 0),
    set('split.testFraction', NaN),
    set('parameters.C', 0),
    set('parameters.C', '1'),
    set('parameters.max_iter', 0),
    set('parameters.tol', null),
    set('parameters.solver', 'lbfgs'),
    set('limits.maxSteps', 1e9),
    set('limits.maxBytes', 1),
  ]).toMatchInlineSnapshot(`
    [
      "BAD_SPEC: spec.target is "": it must be the name of a column.",
      "BAD_SPEC: spec.features[5].name is "Sex": it must be another column than target and weight.",
      "BAD_SPEC: spec.features is a list of 0: it must be a list of 1 to 10000 columns.",
      "BAD_SPEC: spec.features[0].kind is "text": it must be "numeric" or "categorical".",
      "BAD_SPEC: spec.features[1].name is "a": it must be a column that is not listed before.",
      "BAD_SPEC: spec.task is "regression": it must be "classification".",
      "BAD_SPEC: spec.features[5].name is "Sex": it must be another column than target and weight.",
      "BAD_SPEC: spec.preprocess.scale is "robust": it must be "standard" or "none".",
      "BAD_SPEC: spec.preprocess.impute is "none": it must be "mean" or "median" or "most-frequent" or "zero".",
      "BAD_SPEC: spec.split.rule is "random": it must be "hash-rank".",
      "BAD_SPEC: spec.split.seed is 1.5: it must be an integer from 0 to 9007199254740991.",
      "BAD_SPEC: spec.split.seed is -1: it must be an integer from 0 to 9007199254740991.",
      "BAD_SPEC: spec.split.testFraction is 0: it must be a number from 0.001 to 0.999.",
      "BAD_SPEC: spec.split.testFraction is NaN: it must be a number from 0.001 to 0.999.",
      "BAD_SPEC: spec.parameters.C is 0: it must be a number from 1e-9 to 1000000000.",
      "BAD_SPEC: spec.parameters.C is "1": it must be a number from 1e-9 to 1000000000.",
      "BAD_SPEC: spec.parameters.max_iter is 0: it must be an integer from 1 to 10000.",
      "BAD_SPEC: spec.parameters.tol is null: it must be a number from 1e-12 to 1.",
      "BAD_SPEC: spec.parameters.solver is "lbfgs": it must be left out: the fields are C, l1_ratio, fit_intercept, class_weight, max_iter, tol.",
      "BAD_SPEC: spec.limits.maxSteps is 1000000000: it must be an integer from 1 to 100000.",
      "BAD_SPEC: spec.limits.maxBytes is 1: it must be an integer from 1024 to 4294967296.",
    ]
  `);
});

test('models', async () => {
  const { model } = await train({ csv: penguinsCsv(), spec: penguinsSpec });
  const header = model.slice(8, 8 + new DataView(model.buffer, model.byteOffset).getUint32(4, true));
  const rebuilt = (text: string): Uint8Array => {
    const head = bytesOf(text);
    const bytes = new Uint8Array(8 + head.length + model.length - 8 - header.length);
    bytes.set(model.subarray(0, 4));
    new DataView(bytes.buffer).setUint32(4, head.length, true);
    bytes.set(head, 8);
    bytes.set(model.subarray(8 + header.length), 8 + head.length);
    return bytes;
  };
  const text = new TextDecoder().decode(header);
  expect(readModel(rebuilt(text))).toEqual(readModel(model));
  const poisoned = model.slice();
  poisoned.fill(0xff, -8);
  expect([
    refusal(() => readModel(new Uint8Array())),
    refusal(() => readModel(bytesOf('PK\u0003\u0004 and more'))),
    refusal(() => readModel(model.subarray(0, 40))),
    refusal(() => readModel(model.subarray(0, -1))),
    refusal(() => readModel(Uint8Array.from([...model, 0]))),
    refusal(() => readModel(poisoned)),
    refusal(() => readModel(rebuilt(`${text} `))),
    refusal(() => readModel(rebuilt('{'))),
    refusal(() => readModel(rebuilt(canonicalJson({ ...JSON.parse(text), extra: 1 })))),
    refusal(() => readModel(rebuilt(text.replace('logistic-regression', 'forest')))),
    refusal(() => readModel(rebuilt(text.replace('Adelie', 'Zebra')))),
    refusal(() => readModel(rebuilt(text.replace('"Chinstrap",', '')))),
  ]).toMatchInlineSnapshot(`
    [
      "BAD_MODEL: The model does not begin with NDM2: pass the unchanged bytes that training wrote.",
      "BAD_MODEL: The model does not begin with NDM2: pass the unchanged bytes that training wrote.",
      "BAD_MODEL: The model is cut off inside its header: pass the unchanged bytes that training wrote.",
      "BAD_MODEL: The model has a body of 287 bytes, its header asks for 288: pass the unchanged bytes that training wrote.",
      "BAD_MODEL: The model has a body of 289 bytes, its header asks for 288: pass the unchanged bytes that training wrote.",
      "BAD_MODEL: The model holds a parameter that is not finite: pass the unchanged bytes that training wrote.",
      "BAD_MODEL: The model has a header that is not canonical JSON (RFC 8785): pass the unchanged bytes that training wrote.",
      "BAD_MODEL: The model has a header that is not JSON in UTF-8: pass the unchanged bytes that training wrote.",
      "BAD_MODEL: The model has a header with other fields than algorithm, classes, engineId, features, parameters, target, task: pass the unchanged bytes that training wrote.",
      "BAD_MODEL: The model names the algorithm "forest", which this engine does not have: pass the unchanged bytes that training wrote.",
      "BAD_MODEL: The model lists classes that are not different texts in the order of their code units: pass the unchanged bytes that training wrote.",
      "BAD_MODEL: The model has a body of 288 bytes, its header asks for 96: pass the unchanged bytes that training wrote.",
    ]
  `);
});

const tiny = { task: 'classification', algorithm: 'logistic-regression', target: 'y', parameters: { C: 1, l1_ratio: 0, fit_intercept: true, class_weight: 'none', max_iter: 100, tol: 1e-4 } } as const;
const engineId = `0x${'00'.repeat(32)}` as const;

test('rows for a model', async () => {
  const model = writeModel({
    spec: tiny,
    features: [{ name: 'n', kind: 'numeric', fill: 1, mean: 1, deviation: 2 }, { name: 'c', kind: 'categorical', encode: 'one-hot', categories: ['a', 'b'], missing: false }],
    classes: ['no', 'yes'],
    engineId,
    body: doublesToBytes([0.5, 1, 2, -2]),
  });
  const { labels, outputs, columns } = await predict({ model, csv: bytesOf('extra,c,n\n1,a,3\n2,b,1\n3,never seen,NA\n') });
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  expect(labels).toEqual(['yes', 'no', 'yes']);
  expect(columns).toEqual(['p(no)', 'p(yes)']);
  expect([...outputs].filter((_, index) => index % 2 === 1)).toEqual([3.5, -1.5, 0.5].map((margin) => expect.closeTo(sigmoid(margin), 12)));
  expect(await refusalOf(predict({ model, csv: bytesOf('n\n1') }))).toMatchInlineSnapshot(`"MISSING_COLUMN: The table has no column "c": its columns are "n"."`);
  expect(await refusalOf(predict({ model, csv: bytesOf('n,c\nfive,a') }))).toMatchInlineSnapshot(`"BAD_NUMBER: Column "n" holds no finite decimal number in row 2 (the header is row 1): correct it, leave it empty, or use the column as categorical."`);
  expect(await refusalOf(predict({ model: writeTiny(), csv: bytesOf('n\n1e300') }))).toMatchInlineSnapshot(`"NOT_FINITE: Column "n" in row 2 (the header is row 1) is too far from the training rows to be scaled: correct it."`);
});

function writeTiny(): Uint8Array {
  return writeModel({ spec: tiny, features: [{ name: 'n', kind: 'numeric', fill: 0, mean: 0, deviation: 1e-300 }], classes: ['no', 'yes'], engineId, body: doublesToBytes([0, 1]) });
}
