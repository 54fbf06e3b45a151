import type { AssetDto } from '@neurodata/protocol';
import type { JSX } from 'react';
import { t } from '../../language/t.ts';
import { count } from '../Amounts.tsx';
import { Empty } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { ColumnsTable, FiguresTable, ValuesTable, hasFigures, hasValues } from './ColumnTables.tsx';
import { OtherTables } from './OtherTables.tsx';
import { SyntheticPreview } from './SyntheticPreview.tsx';

/** The columns as the publisher described them; rows stay sealed. Of a folder also those of its other tables. */
export function Columns({ asset }: { asset: AssetDto }): JSX.Element {
  const { columnList: columns, assetId, latestVersion } = asset;
  const others = <OtherTables assetId={assetId} version={latestVersion} />;
  if (columns.length === 0) return <><Empty title="No columns described">Its publisher gave no column statistics for this version.</Empty>{others}</>;
  return (
    <>
      <Section title={`${count(columns.length)} columns`} aside={<span className="text-sm text-muted">{countedBy(asset)}</span>}>
        <ColumnsTable columns={columns} rows={asset.rows} />
      </Section>
      {hasFigures(columns) && <Section title="Numbers" aside={<span className="text-sm text-muted">rounded by the publisher</span>}><FiguresTable columns={columns} /></Section>}
      {hasValues(columns) && <Section title="Commonest values" aside={<span className="text-sm text-muted">part of the cells that are not missing</span>}><ValuesTable columns={columns} /></Section>}
      <SyntheticPreview asset={asset} />
      {others}
    </>
  );
}

/** Who counted: validators do it again where they may read the rows, and refuse a version whose figures are not true. */
function countedBy({ versions, latestVersion }: AssetDto): string {
  const newest = versions.find(({ version }) => version === latestVersion);
  const again = newest?.validatorsMayRead && newest.round?.settled && newest.round.verdict === 'accept';
  return again ? t`counted by the publisher, and again by validators` : t`counted by the publisher when sealing`;
}
