import type { ColumnStatistics, ManifestColumn } from '@neurodata/protocol';
import type { JSX } from 'react';
import { fixed, numeral, pointed } from '../../language/format.ts';
import { count } from '../Amounts.tsx';
import { Explain, Table } from '../Layout.tsx';
import { columnWords } from '../words.ts';
import { Shape } from './Shape.tsx';

type ColumnsProps = { columns: readonly ManifestColumn[] };

/** Each column with its kind and what is counted of it. */
export function ColumnsTable({ columns, rows }: ColumnsProps & { rows: number | undefined }): JSX.Element {
  return (
    <Table label="Columns" numeric={[2, 3]} head={['Column', 'Kind', <Explain key="missing" text="Cells that are empty or NA">Missing</Explain>, <Explain key="distinct" text="How many different values there are">Distinct</Explain>]}>
      {columns.map((column) => (
        <tr key={column.name}>
          <td className="num">{column.name}</td>
          <td>{columnWords[column.kind]}</td>
          <td className="num text-right whitespace-nowrap">{count(column.missing)}{rows ? <span className="text-muted max-sm:hidden"> {share(column.missing, rows)}</span> : null}</td>
          <td className="num text-right">{count(column.distinct)}</td>
        </tr>
      ))}
    </Table>
  );
}

const figuresOf = (columns: readonly ManifestColumn[]) => columns.flatMap(({ name, statistics }) => (statistics && 'step' in statistics ? [{ name, ...statistics }] : []));
const valuesOf = (columns: readonly ManifestColumn[]) => columns.flatMap(({ name, statistics }) => (statistics && 'top' in statistics && statistics.top.length > 0 ? [{ name, top: statistics.top }] : []));

export const hasFigures = (columns: readonly ManifestColumn[]): boolean => figuresOf(columns).length > 0;
export const hasValues = (columns: readonly ManifestColumn[]): boolean => valuesOf(columns).length > 0;

/** Statistics of the columns of numbers that tell any. */
export function FiguresTable({ columns }: ColumnsProps): JSX.Element {
  return (
    <Table label="Statistics of numbers" numeric={[1, 2, 3, 4, 5, 6, 7, 8]} head={['Column', 'Least', '25 %', 'Median', '75 %', 'Most', 'Mean', <Explain key="deviation" text="Standard deviation of the values">Deviation</Explain>, <Explain key="step" text="No figure of this column is off by more; least and most enclose all values.">Rounded to</Explain>, <Explain key="shape" text="Where the values lie. No bar stands for fewer than ten rows.">Shape</Explain>]}>
      {figuresOf(columns).map(({ name, min, max, mean, deviation, quartiles, step, histogram }) => (
        <tr key={name}>
          <td className="num">{name}</td>
          {[min, ...quartiles, max, mean, deviation, step].map((value, index) => <td key={index} className="num text-right whitespace-nowrap">{value === undefined ? '' : figure(value)}</td>)}
          <td>{histogram && <Shape histogram={histogram} />}</td>
        </tr>
      ))}
    </Table>
  );
}

/** The commonest values of the columns that tell any. */
export function ValuesTable({ columns }: ColumnsProps): JSX.Element {
  return (
    <Table label="Commonest values" head={['Column', 'Values']}>
      {valuesOf(columns).map(({ name, top }) => <tr key={name}><td className="num align-top">{name}</td><td><Values top={top} /></td></tr>)}
    </Table>
  );
}

function Values({ top }: Extract<ColumnStatistics, { top: unknown }>): JSX.Element {
  return <ul className="flex flex-wrap gap-x-4 gap-y-1">{top.map(({ value, share: part }) => <li key={value}>{value} <span className="num text-muted">{Math.round(part * 100)} %</span></li>)}</ul>;
}

/** Large and tiny numbers by their power of ten, others grouped. */
function figure(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e15 || size < 1e-6)) return pointed(value.toExponential());
  return numeral(value, { maximumFractionDigits: 12 });
}

function share(part: number, whole: number): string {
  const percent = (part / whole) * 100;
  return `${percent > 0 && percent < 0.1 ? `<${pointed('0.1')}` : fixed(percent, percent >= 10 || percent === 0 ? 0 : 1)} %`;
}
