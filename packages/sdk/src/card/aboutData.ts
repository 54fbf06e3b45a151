import type { CardBlock, CardSection, CardSource } from './card.ts';
import { figure } from './words.ts';

const MOST_COLUMNS = 60;

/** What it learned from, and how. */
export function aboutData({ receipt, spec }: CardSource): CardSection[] {
  const { input, train } = spec;
  const { trainRows, testRows, droppedRows } = receipt.body.metrics;
  const shown = train.features.slice(0, MOST_COLUMNS);
  const more = train.features.length - shown.length;
  const words: string[] = [
    `Asset ${input.assetId}, version ${input.version}; content root ${input.contentRoot}.`,
    `${trainRows} rows to train on and ${testRows} to test on${droppedRows > 0 ? `; ${droppedRows} rows without a target were left out` : ''}.`,
    `The split gives ${figure(train.split.testFraction * 100)} % of the rows to the test, by rank of a hash with the seed ${train.split.seed}: the same rows for everybody.`,
    ...(train.weight === null ? [] : [`Rows count as much as the column ${train.weight} says.`]),
  ];
  const columns: CardBlock = { kind: 'table', head: ['Column', 'Kind'], rows: [...shown.map(({ name, kind }) => [name, kind]), ...(more > 0 ? [[`and ${more} more`, '']] : [])] };
  return [
    { title: 'Data', blocks: [{ kind: 'list', items: words }, columns] },
    { title: 'Training', blocks: [{ kind: 'list', items: trainingWords({ receipt, spec }) }, parametersTable(train.parameters)] },
  ];
}

function trainingWords({ receipt, spec }: Pick<CardSource, 'receipt' | 'spec'>): string[] {
  const { body } = receipt;
  const { impute, scale, encode } = spec.train.preprocess;
  const [first] = body.lossCurve;
  const last = body.lossCurve.at(-1);
  const filled = impute === 'none' ? 'Missing numbers stay missing' : impute === 'zero' ? 'Missing numbers become 0' : `Missing numbers become the ${impute.replace('-', ' ')} of the train rows`;
  return [
    `${spec.train.algorithm}, ${body.steps} steps: it ${body.converged ? 'converged' : 'stopped at its limit'}.`,
    ...(first === undefined || last === undefined || body.lossCurve.length < 2 ? [] : [`The loss went from ${figure(first)} to ${figure(last)}.`]),
    `${filled}; numbers are ${scale === 'standard' ? 'scaled to mean 0 and deviation 1' : 'taken as they are'}; categories become ${encode === 'one-hot' ? 'a column each' : 'their place in the alphabet'}.`,
  ];
}

function parametersTable(parameters: CardSource['spec']['train']['parameters']): CardBlock {
  return { kind: 'table', head: ['Parameter', 'Value'], rows: Object.entries(parameters).map(([name, value]) => [name, value === null ? 'none' : Array.isArray(value) ? value.join(', ') : String(value)]) };
}

/** What the figures do not say. */
export function aboutLimits({ receipt, spec }: CardSource): CardSection {
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
        ...(rare.length > 0 && train.task === 'classification' ? [`Classes with fewer than 20 test rows, of which little is known: ${rare.slice(0, 10).map(({ name, rows }) => `${name} (${rows})`).join(', ')}${rare.length > 10 ? ' and others' : ''}.`] : []),
        ...(train.features.some(({ kind }) => kind === 'categorical') ? ['A category that no train row had is taken for none of those known.'] : []),
        'What it learned is what goes together in these rows; that is not what causes what.',
        'Nobody has checked it for fairness between groups of people: do that before it decides about any.',
      ],
    }],
  };
}
