import { type Score, formatRounded, formatScore, scoresOf } from '@neurodata/engine';
import type { JobSpec, ReceiptBody } from '@neurodata/protocol';
import type { JSX, ReactNode } from 'react';
import { fixed, pointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { tFrom } from '../../language/tFrom.ts';
import { count, plural } from '../Amounts.tsx';
import { Explain, Section, Table } from '../Layout.tsx';
import { Curves } from './Curves.tsx';
import { Explained } from './Explained.tsx';
import { Selection } from './Selection.tsx';
import { Variance } from './Variance.tsx';

/** How good the model is on rows that it did not see, and what it looks at. */
export function Results({ body, spec: { output, train: { target } } }: { body: ReceiptBody; spec: JobSpec }): JSX.Element {
  const { metrics } = body;
  const format = output === 'metrics' ? formatRounded : formatScore;
  const { explanation, curves, calibration, explainedVarianceRatio: shares } = metrics;
  const explained = explanation !== undefined && (explanation.importance !== undefined || explanation.dependence !== undefined || explanation.notes.length > 0);
  return (
    <>
      <Section title="Results" aside={<span className="text-sm text-muted">{metrics.task === 'reduction' ? `of the ${plural(metrics.trainRows, 'train row')}` : `on ${plural(metrics.testRows, 'row')} kept aside`}</span>}>
        <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          {scoresOf(metrics.task).filter(({ name }) => name in metrics.scores).map((score) => <ScoreFigure key={score.name} score={score} format={format} value={metrics.scores[score.name] ?? null} />)}
          <Figure name={t`Trained on`}>{count(metrics.trainRows)} <span className="text-sm font-normal text-muted">rows</span></Figure>
          {metrics.droppedRows > 0 && <Figure name={<Explain text="Rows whose target is missing: nothing can be learned or measured on them.">Left out</Explain>}>{count(metrics.droppedRows)} <span className="text-sm font-normal text-muted">rows</span></Figure>}
          <Figure name={t`Steps`}>{count(body.steps)} <span className="text-sm font-normal text-muted">{body.converged ? 'converged' : 'to its end'}</span></Figure>
        </dl>
        {metrics.confusion.length > 0 && <div className="mt-6"><Confusion metrics={metrics} /></div>}
        {shares !== undefined && shares.length > 0 && <div className="mt-6"><Variance shares={shares} /></div>}
      </Section>
      {(metrics.validation !== undefined || metrics.search !== undefined) && <Selection metrics={metrics} />}
      {curves !== undefined && curves.length > 0 && <Section title="Curves"><Curves curves={curves} calibration={calibration} /></Section>}
      {explained && <Section title="What the model looks at"><Explained explanation={explanation} target={target ?? 'prediction'} /></Section>}
    </>
  );
}

function ScoreFigure({ score, value, format }: { score: Score; value: number | null; format: typeof formatScore }): JSX.Element {
  const { name, title, help } = score;
  return <Figure name={<Explain text={tFrom(help)}>{tFrom(title)}</Explain>} title={value === null ? 'not defined for these rows' : String(value)}>{value === null ? 'none' : pointed(format(name, value))}</Figure>;
}

function Figure({ name, title, children }: { name: ReactNode; title?: string; children: ReactNode }): JSX.Element {
  return <div><dt className="text-sm text-muted">{name}</dt><dd title={title} className="text-xl font-semibold tabular-nums">{children}</dd></div>;
}

type Metrics = ReceiptBody['metrics'];
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/** Actual classes down, predicted ones across; the darker, the larger its share of the row. */
function Confusion({ metrics }: { metrics: Metrics }): JSX.Element {
  const { confusion, classes } = metrics;
  return (
    <figure>
      <figcaption className="mb-3 text-sm font-medium">Actual class (rows) and predicted class (columns)</figcaption>
      <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label="Confusion matrix">
        <table className="border-separate border-spacing-1">
          <thead><tr><td />{classes.map((name) => <th key={name} scope="col" className="max-w-28 truncate px-1 pb-1 text-sm font-normal text-muted" title={name}>{name}</th>)}</tr></thead>
          <tbody>
            {confusion.map((row, actual) => (
              <tr key={classes[actual]}>
                <th scope="row" className="max-w-40 truncate pr-2 text-right text-sm font-normal text-muted" title={classes[actual]}>{classes[actual]}</th>
                {row.map((value, predicted) => {
                  const share = value / Math.max(1, sum(row));
                  const colour = actual === predicted ? 'var(--accent)' : 'var(--warn)';
                  return <td key={classes[predicted]} title={`${value} rows of class ${classes[actual]} predicted as ${classes[predicted]}: ${fixed(share * 100, 1)} %`} className={`num h-12 min-w-16 rounded-sm text-center ${value === 0 ? 'text-muted' : 'font-medium'}`} style={{ background: value === 0 ? 'var(--bg)' : `color-mix(in oklab, ${colour} ${Math.round(8 + share * 28)}%, var(--surface))` }}>{value}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <details className="mt-3 text-sm">
        <summary className="text-muted">By class</summary>
        <div className="mt-2"><PerClass metrics={metrics} /></div>
      </details>
    </figure>
  );
}

function PerClass({ metrics: { confusion, classes } }: { metrics: Metrics }): JSX.Element {
  const rate = (part: number, whole: number): string => (whole === 0 ? t`none` : `${fixed((part / whole) * 100, 1)} %`);
  return (
    <Table label="By class" head={['Class', 'Rows', 'Found (recall)', 'Right when predicted (precision)']} numeric={[1, 2, 3]}>
      {classes.map((name, index) => {
        const right = confusion[index]?.[index] ?? 0;
        return (
          <tr key={name}>
            <td>{name}</td>
            <td className="num text-right">{sum(confusion[index] ?? [])}</td>
            <td className="num text-right">{rate(right, sum(confusion[index] ?? []))}</td>
            <td className="num text-right">{rate(right, sum(confusion.map((row) => row[index] ?? 0)))}</td>
          </tr>
        );
      })}
    </Table>
  );
}
