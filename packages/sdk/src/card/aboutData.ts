import type { CardBlock, CardSection, CardSource, CardWords } from './card.ts';

const MOST_COLUMNS = 60;
const MOST_RARE = 10;

/** What it learned from, and how. */
export function aboutData({ receipt, spec }: CardSource, words: CardWords): CardSection[] {
  const { input, train } = spec;
  const { trainRows, testRows, droppedRows } = receipt.body.metrics;
  const shown = train.features.slice(0, MOST_COLUMNS);
  const more = train.features.length - shown.length;
  const facts: string[] = [
    `Asset ${input.assetId}, version ${input.version}; content root ${input.contentRoot}.`,
    droppedRows > 0 ? `${trainRows} rows to train on and ${testRows} to test on; ${droppedRows} rows without a target were left out.` : `${trainRows} rows to train on and ${testRows} to test on.`,
    `The split gives ${words.figure(train.split.testFraction * 100)} % of the rows to the test, by rank of a hash with the seed ${train.split.seed}: the same rows for everybody.`,
    ...(train.weight === null ? [] : [`Rows count as much as the column ${train.weight} says.`]),
    ...(more > 0 ? [`Of ${train.features.length} columns the first ${shown.length} are listed.`] : []),
  ];
  const columns: CardBlock = { kind: 'table', names: 'rows', head: ['Column', 'Kind'], rows: shown.map(({ name, kind }) => [name, kind === 'numeric' ? 'a number' : 'a category']) };
  return [
    { title: 'Data', blocks: [{ kind: 'list', items: facts }, columns] },
    { title: 'How it was trained', blocks: [{ kind: 'list', items: trainingWords({ receipt, spec }, words) }, parametersTable(train.parameters, words)] },
  ];
}

/** What became of missing numbers. */
const filled: Record<CardSource['spec']['train']['preprocess']['impute'], string> = {
  none: 'Missing numbers stay missing.', zero: 'Missing numbers become 0.', mean: 'Missing numbers become the mean of the train rows.',
  median: 'Missing numbers become the median of the train rows.', 'most-frequent': 'Missing numbers become the most frequent number of the train rows.',
};

function trainingWords({ receipt, spec }: Pick<CardSource, 'receipt' | 'spec'>, { figure, algorithm }: CardWords): string[] {
  const { body } = receipt;
  const { impute, scale, encode } = spec.train.preprocess;
  const [first] = body.lossCurve;
  const last = body.lossCurve.at(-1);
  return [
    `${algorithm(spec.train.algorithm)}, ${body.steps} steps: it ${body.converged ? 'converged' : 'stopped at its limit'}.`,
    ...(first === undefined || last === undefined || body.lossCurve.length < 2 ? [] : [`The loss went from ${figure(first)} to ${figure(last)}.`]),
    filled[impute],
    scale === 'standard' ? 'Numbers are scaled to mean 0 and deviation 1.' : 'Numbers are taken as they are.',
    encode === 'one-hot' ? 'Categories become a column each.' : 'Categories become their place in the alphabet.',
  ];
}

function parametersTable(parameters: CardSource['spec']['train']['parameters'], { figure }: CardWords): CardBlock {
  const text = (value: (typeof parameters)[string]): string => (value === null ? 'none' : Array.isArray(value) ? value.join(', ') : typeof value === 'number' ? figure(value, 15) : String(value));
  return { kind: 'table', names: 'rows', head: ['Parameter', 'Value'], rows: Object.entries(parameters).map(([name, value]) => [name, text(value)]) };
}

/** What the figures do not say. */
export function aboutLimits({ receipt, spec }: CardSource, { figure }: CardWords): CardSection {
  const { metrics } = receipt.body;
  const { train } = spec;
  const counts = metrics.classes.map((name, index) => ({ name, rows: (metrics.confusion[index] ?? []).reduce((sum, value) => sum + value, 0) }));
  const rare = counts.filter(({ rows }) => rows < 20);
  return {
    title: 'Limits',
    blocks: [{
      kind: 'list', items: [
        'Test rows come from the same table as train rows: the figures say nothing of rows from elsewhere or of later ones.',
        ...(metrics.testRows < 200 && metrics.testRows > 0 ? [`With ${metrics.testRows} test rows, a score can be off by some ${figure(Math.ceil(100 / Math.sqrt(metrics.testRows)))} points in a hundred by chance alone.`] : []),
        ...(rare.length > 0 && train.task === 'classification' ? [rareWords(rare)] : []),
        ...(train.features.some(({ kind }) => kind === 'categorical') ? ['A category that no train row had is taken for none of those known.'] : []),
        'What it learned is what goes together in these rows; that is not what causes what.',
        'Nobody has checked it for fairness between groups of people: do that before it decides about any.',
      ],
    }],
  };
}

function rareWords(rare: { name: string; rows: number }[]): string {
  const list = rare.slice(0, MOST_RARE).map(({ name, rows }) => `${name} (${rows})`).join(', ');
  return rare.length > MOST_RARE ? `Classes with fewer than 20 test rows, of which little is known: ${list} and others.` : `Classes with fewer than 20 test rows, of which little is known: ${list}.`;
}
