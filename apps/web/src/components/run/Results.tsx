import type { ReceiptBody } from '@neurodata/protocol';
import type { JSX, ReactNode } from 'react';
import { count, plural } from '../Amounts.tsx';
import { Explain, Section, Table } from '../Layout.tsx';

/** How good the model is on rows that it did not see. */
export function Results({ body }: { body: ReceiptBody }): JSX.Element {
  const { metrics } = body;
  return (
    <Section title="Results" aside={<span className="text-sm text-muted">on {plural(metrics.testRows, 'row')} kept aside</span>}>
      <dl className="mb-6 grid grid-cols-2 gap-4 sm:grid-cols-4">
        {Object.entries(metrics.scores).map(([name, value]) => <Score key={name} name={name} value={value} />)}
        <Figure name="Trained on">{count(metrics.trainRows)} <span className="text-sm font-normal text-muted">rows</span></Figure>
        <Figure name="Steps">{count(body.steps)} <span className="text-sm font-normal text-muted">{body.converged ? 'converged' : 'not converged'}</span></Figure>
      </dl>
      {metrics.confusion.length > 0 && <Confusion metrics={metrics} />}
    </Section>
  );
}

function Score({ name, value }: { name: string; value: number | null }): JSX.Element {
  const title = value === null ? 'not defined for these rows' : String(value);
  if (name === 'accuracy') return <Figure name="Accuracy" title={title}>{value === null ? 'none' : `${(value * 100).toFixed(2)} %`}</Figure>;
  const label = name === 'logLoss' ? <Explain text="Mean negative logarithm of the probability given to the right class; lower is better.">Log-loss</Explain> : name;
  return <Figure name={label} title={title}>{value === null ? 'none' : value.toFixed(4)}</Figure>;
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
                  return <td key={classes[predicted]} title={`${value} rows of class ${classes[actual]} predicted as ${classes[predicted]}: ${(share * 100).toFixed(1)} %`} className={`num h-12 min-w-16 rounded-sm text-center ${value === 0 ? 'text-muted' : 'font-medium'}`} style={{ background: value === 0 ? 'var(--bg)' : `color-mix(in oklab, ${colour} ${Math.round(8 + share * 28)}%, var(--surface))` }}>{value}</td>;
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
  const rate = (part: number, whole: number): string => (whole === 0 ? 'none' : `${((part / whole) * 100).toFixed(1)} %`);
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
