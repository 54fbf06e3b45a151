import { type AssetDto, syntheticRows } from '@neurodata/protocol';
import { type JSX, useMemo } from 'react';
import { Said } from '../../language/Said.tsx';
import { Section, Table } from '../Layout.tsx';

const ROWS = 5;

/** Rows drawn from what is public, so that one sees what a sealed table looks like; said to be what they are. */
export function SyntheticPreview({ asset: { columnList: columns, rows } }: { asset: AssetDto }): JSX.Element | null {
  const preview = useMemo(() => syntheticRows({ columns, totalRows: rows ?? 0, rows: ROWS }), [columns, rows]);
  if (rows === undefined || !columns.some(({ statistics }) => statistics)) return null;
  return (
    <Section title="Synthetic preview" aside={<span className="text-sm text-muted">no row is real</span>}>
      <p className="mb-2 text-sm text-muted"><Said text={preview.label} /></p>
      <Table label="Synthetic rows" head={preview.columns}>
        {preview.rows.map((cells, row) => <tr key={row}>{cells.map((cell, column) => <td key={column} className="num whitespace-nowrap">{cell === null ? '' : String(cell)}</td>)}</tr>)}
      </Table>
    </Section>
  );
}
