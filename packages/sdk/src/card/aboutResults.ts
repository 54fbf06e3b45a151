import type { CardBlock, CardSection, CardSource, CardWords } from './card.ts';

type Metrics = CardSource['receipt']['body']['metrics'];

const MOST_CLASSES = 10;
const MOST_FEATURES = 20;
const FALSE_ALARMS = 0.05;

/** Scores, mistakes, curves in words, and what it looks at. */
export function aboutResults({ receipt }: CardSource, words: CardWords): CardSection[] {
  const { metrics } = receipt.body;
  return [
    { title: 'Results', blocks: [scoresTable(metrics, words), ...listed([...baseline(metrics, words), ...rocWords(metrics, words), ...calibrationWords(metrics, words)]), ...confusionTable(metrics)] },
    ...importances(metrics, words),
  ];
}

function scoresTable({ scores, testRows }: Metrics, { figure, score }: CardWords): CardBlock {
  return { kind: 'table', head: ['Score', `On ${testRows} test rows`], rows: Object.entries(scores).map(([name, value]) => [score(name), value === null ? 'not defined for these rows' : figure(value)]) };
}

function listed(items: string[]): CardBlock[] {
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

function baseline({ classes, confusion, testRows }: Metrics, { figure }: CardWords): string[] {
  const counts = confusion.map((row) => row.reduce((sum, value) => sum + value, 0));
  const most = Math.max(0, ...counts);
  if (most === 0) return [];
  return [`Always saying ${classes[counts.indexOf(most)] ?? ''} would be right in ${figure((most / testRows) * 100)} % of the test rows.`];
}

/** The ROC curve at a rate of false alarms that people can picture. */
function rocWords({ curves = [] }: Metrics, { figure }: CardWords): string[] {
  return curves.map(({ class: name, roc }) => {
    const found = roc.reduce((most, [alarms, hits]) => (alarms <= FALSE_ALARMS ? Math.max(most, hits) : most), 0);
    return `At 5 false alarms in 100 other rows, it finds ${figure(found * 100)} % of ${name}.`;
  });
}

function calibrationWords({ calibration = [] }: Metrics, { figure }: CardWords): string[] {
  return calibration.flatMap(({ class: name, bins }) => {
    const known = bins.filter(({ rows }) => rows >= 10);
    const [worst] = known.toSorted((a, b) => Math.abs(b.observed - b.predicted) - Math.abs(a.observed - a.predicted));
    if (worst === undefined) return [];
    return [`Where the probability of ${name} is furthest off, it says ${figure(worst.predicted * 100)} % on average and ${figure(worst.observed * 100)} % are so (${worst.rows} rows).`];
  });
}

function confusionTable({ classes, confusion }: Metrics): CardBlock[] {
  if (confusion.length === 0 || classes.length > MOST_CLASSES) return [];
  return [{ kind: 'table', names: 'all', head: ['Is, down; predicted, across', ...classes], rows: classes.map((name, row) => [name, ...(confusion[row] ?? []).map(String)]) }];
}

function importances({ explanation }: Metrics, { figure, score }: CardWords): CardSection[] {
  const importance = explanation?.importance;
  const notes = explanation?.notes ?? [];
  if (importance === undefined) return notes.length === 0 ? [] : [{ title: 'What it looks at', blocks: [{ kind: 'list', items: notes }] }];
  const sorted = importance.features.toSorted((a, b) => b.mean - a.mean);
  const shown = sorted.slice(0, MOST_FEATURES);
  return [{
    title: 'What it looks at',
    blocks: [
      { kind: 'text', text: `How much its ${score(importance.score)} of ${figure(importance.baseline)} falls when a column's cells are shuffled among ${importance.rows} test rows, over ${importance.repeats} shuffles. Columns that say the same share their weight.` },
      { kind: 'table', names: 'rows', head: ['Column', 'Fall', 'Deviation'], rows: shown.map(({ name, mean, deviation }) => [name, figure(mean), figure(deviation)]) },
      ...listed([...(sorted.length > shown.length ? [`${sorted.length - shown.length} more columns matter less.`] : []), ...notes]),
    ],
  }];
}
