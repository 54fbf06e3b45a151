import type { AssetDto, ColumnStatistics, ManifestColumn } from '@neurodata/protocol';
import type { JSX } from 'react';
import { fixed, numeral, pointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { count } from '../Amounts.tsx';
import { Empty } from '../Feedback.tsx';
import { Explain, Section, Table } from '../Layout.tsx';
import { columnWords } from '../words.ts';
import { Shape } from './Shape.tsx';
import { SyntheticPreview } from './SyntheticPreview.tsx';

/** The columns as the publisher described them; rows stay sealed. */
export function Columns({ asset }: { asset: AssetDto }): JSX.Element {
  const { columnList: columns } = asset;
  if (columns.length === 0) return <Empty title="No columns described">Its publisher gave no column statistics for this version.</Empty>;
  return (
    <>
      <Section title={`${count(columns.length)} columns`} aside={<span className="text-sm text-muted">{countedBy(asset)}</span>}>
        <Table label="Columns" numeric={[2, 3]} head={['Column', 'Kind', <Explain key="missing" text="Cells that are empty or NA">Missing</Explain>, <Explain key="distinct" text="How many different values there are">Distinct</Explain>]}>
          {columns.map((column) => (
            <tr key={column.name}>
              <td className="num">{column.name}</td>
              <td>{columnWords[column.kind]}</td>
              <td className="num text-right whitespace-nowrap">{count(column.missing)}{asset.rows ? <span className="text-muted max-sm:hidden"> {share(column.missing, asset.rows)}</span> : null}</td>
              <td className="num text-right">{count(column.distinct)}</td>
            </tr>
          ))}
        </Table>
      </Section>
      <Figures columns={columns} />
      <CommonestValues columns={columns} />
      <SyntheticPreview asset={asset} />
    </>
  );
}

/** Who counted: validators do it again where they may read the rows, and refuse a version whose figures are not true. */
function countedBy({ versions, latestVersion }: AssetDto): string {
  const newest = versions.find(({ version }) => version === latestVersion);
  const again = newest?.validatorsMayRead && newest.round?.settled && newest.round.verdict === 'accept';
  return again ? t`counted by the publisher, and again by validators` : t`counted by the publisher when sealing`;
}

function Figures({ columns }: { columns: readonly ManifestColumn[] }): JSX.Element | null {
  const described = columns.flatMap(({ name, statistics }) => (statistics && 'step' in statistics ? [{ name, ...statistics }] : []));
  if (described.length === 0) return null;
  return (
    <Section title="Numbers" aside={<span className="text-sm text-muted">rounded by the publisher</span>}>
      <Table label="Statistics of numbers" numeric={[1, 2, 3, 4, 5, 6, 7, 8]} head={['Column', 'Least', '25 %', 'Median', '75 %', 'Most', 'Mean', <Explain key="deviation" text="Standard deviation of the values">Deviation</Explain>, <Explain key="step" text="No figure of this column is off by more; least and most enclose all values.">Rounded to</Explain>, <Explain key="shape" text="Where the values lie. No bar stands for fewer than ten rows.">Shape</Explain>]}>
        {described.map(({ name, min, max, mean, deviation, quartiles, step, histogram }) => (
          <tr key={name}>
            <td className="num">{name}</td>
            {[min, ...quartiles, max, mean, deviation, step].map((value, index) => <td key={index} className="num text-right whitespace-nowrap">{value === undefined ? '' : figure(value)}</td>)}
            <td>{histogram && <Shape histogram={histogram} />}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

function CommonestValues({ columns }: { columns: readonly ManifestColumn[] }): JSX.Element | null {
  const described = columns.flatMap(({ name, statistics }) => (statistics && 'top' in statistics && statistics.top.length > 0 ? [{ name, top: statistics.top }] : []));
  if (described.length === 0) return null;
  return (
    <Section title="Commonest values" aside={<span className="text-sm text-muted">part of the cells that are not missing</span>}>
      <Table label="Commonest values" head={['Column', 'Values']}>
        {described.map(({ name, top }) => <tr key={name}><td className="num align-top">{name}</td><td><Values top={top} /></td></tr>)}
      </Table>
    </Section>
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
