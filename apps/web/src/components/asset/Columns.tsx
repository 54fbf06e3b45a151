import type { AssetDto } from '@neurodata/protocol';
import type { JSX } from 'react';
import { count } from '../Amounts.tsx';
import { Empty } from '../Feedback.tsx';
import { Explain, Section, Table } from '../Layout.tsx';

/** The columns as the publisher described them; rows stay sealed. */
export function Columns({ asset }: { asset: AssetDto }): JSX.Element {
  if (asset.columnList.length === 0) return <Empty title="No columns described">Its publisher gave no column statistics for this version.</Empty>;
  return (
    <Section title={`${count(asset.columnList.length)} columns`} aside={<span className="text-sm text-muted">counted by the publisher when sealing</span>}>
      <Table label="Columns" numeric={[2, 3]} head={['Column', 'Kind', <Explain key="missing" text="Cells that are empty or NA">Missing</Explain>, <Explain key="distinct" text="How many different values there are">Distinct</Explain>]}>
        {asset.columnList.map((column) => (
          <tr key={column.name}>
            <td className="num">{column.name}</td>
            <td>{column.kind}</td>
            <td className="num text-right">{count(column.missing)}{asset.rows ? <span className="text-muted"> {share(column.missing, asset.rows)}</span> : null}</td>
            <td className="num text-right">{count(column.distinct)}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

function share(part: number, whole: number): string {
  const percent = (part / whole) * 100;
  return `${percent > 0 && percent < 0.1 ? '<0.1' : percent.toFixed(percent >= 10 || percent === 0 ? 0 : 1)} %`;
}
