import type { ModelReport } from '@neurodata/protocol';
import { scoreClasses } from '../../metrics/scoreClasses.ts';
import { scoreNumbers } from '../../metrics/scoreNumbers.ts';
import { createPause } from '../../run/pause.ts';
import { readTable } from '../../table/readTable.ts';
import { numbersOf, textsOf } from '../../table/table.ts';
import { Refused } from './refuse.ts';

/** What a model answered for all rows: a label each, and numbers [rows, width] where it gives some. */
export type Answers = { labels: string[] | null; scores: Float64Array | null; width: number };

type Scored = Pick<ModelReport, 'task' | 'rows' | 'scores'>;

/** Scores that labels alone give. */
const COUNTED = ['accuracy', 'balancedAccuracy', 'f1'];

/**
 * Measures answers against the target. Labels, or several numbers a row, are a classification; one number a row is a
 * regression. Rows without a target are left out. Scores have the engine's definitions.
 *
 * @throws Refused BAD_TABLE, BAD_SIGNATURE
 */
export async function scoreAnswers(parameters: { answers: Answers; bytes: Uint8Array; target: string }): Promise<Scored> {
  const { answers, bytes, target } = parameters;
  if (answers.labels === null && answers.width === 1) return scoreRegression(parameters);
  const { codes, texts } = textsOf(await readTable(bytes, [{ name: target, kind: 'categorical' }]), target);
  const rows = Array.from(codes.keys()).filter((row) => (codes[row] ?? -1) >= 0);
  if (rows.length === 0) throw new Refused('BAD_TABLE', `The column ${target} is empty in every row.`);
  const actualTexts = rows.map((row) => plain(texts[codes[row] ?? -1] ?? ''));
  const known = [...new Set(actualTexts)].sort();
  const labels = answers.labels === null ? likeliest(answers, rows, known) : rows.map((row) => plain(answers.labels?.[row] ?? ''));
  const classes = [...new Set([...known, ...labels])].sort();
  const placeOf = new Map(classes.map((name, place) => [name, place]));
  const actual = Float64Array.from(actualTexts, (text) => placeOf.get(text) ?? 0);
  const chances = chancesOf({ answers, rows, classes, labels });
  const { scores } = await scoreClasses({ outputs: chances ?? certain(labels, placeOf), classes, actual, pause: createPause() });
  return { task: 'classification', rows: rows.length, scores: chances ? scores : Object.fromEntries(Object.entries(scores).filter(([name]) => COUNTED.includes(name))) };
}

async function scoreRegression({ answers, bytes, target }: Parameters<typeof scoreAnswers>[0]): Promise<Scored> {
  const wanted = numbersOf(await readTable(bytes, [{ name: target, kind: 'numeric' }]), target);
  const rows = Array.from(wanted.keys()).filter((row) => !Number.isNaN(wanted[row]));
  if (rows.length === 0) throw new Refused('BAD_TABLE', `The column ${target} is empty in every row.`);
  const outputs = Float64Array.from(rows, (row) => answers.scores?.[row] ?? NaN);
  if (!outputs.every(Number.isFinite)) throw new Refused('FAILED', 'The model answers with numbers that are not finite.');
  return { task: 'regression', rows: rows.length, scores: scoreNumbers(outputs, Float64Array.from(rows, (row) => wanted[row] ?? 0)).scores };
}

/** Whole numbers are the same class whether a table writes 1 or 1.0. */
function plain(text: string): string {
  return /^-?\d+\.0+$/.test(text) ? text.slice(0, text.indexOf('.')) : text;
}

/** Several numbers a row and no labels: their places are the classes in order. */
function likeliest({ scores, width }: Answers, rows: readonly number[], known: readonly string[]): string[] {
  if (known.length !== width) throw new Refused('BAD_SIGNATURE', `The model gives ${width} numbers a row and no label, the target has ${known.length} classes: give labels too.`);
  return rows.map((row) => known[bestOf(scores ?? new Float64Array(), width, row)] ?? '');
}

/** Probabilities in the order of the classes: there is one for each, and the largest is the label's in every row. */
function chancesOf({ answers, rows, classes, labels }: { answers: Answers; rows: readonly number[]; classes: readonly string[]; labels: readonly string[] }): Float64Array | null {
  const { scores, width } = answers;
  if (scores === null || width !== classes.length) return null;
  const chosen = Float64Array.from({ length: rows.length * width }, (_, index) => scores[(rows[Math.floor(index / width)] ?? 0) * width + (index % width)] ?? NaN);
  const isShare = chosen.every((value) => value >= 0 && value <= 1 + 1e-6);
  return isShare && labels.every((label, row) => classes[bestOf(chosen, width, row)] === label) ? chosen : null;
}

function certain(labels: readonly string[], placeOf: ReadonlyMap<string, number>): Float64Array {
  const outputs = new Float64Array(labels.length * placeOf.size);
  for (const [row, label] of labels.entries()) outputs[row * placeOf.size + (placeOf.get(label) ?? 0)] = 1;
  return outputs;
}

function bestOf(values: Float64Array, width: number, row: number): number {
  let best = 0;
  for (let place = 1; place < width; place += 1) if ((values[row * width + place] ?? 0) > (values[row * width + best] ?? 0)) best = place;
  return best;
}
