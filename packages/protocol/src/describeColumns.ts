import { type MeasuredColumn, type StatisticsChoice, publishedStatistics } from './columnStatistics.ts';
import type { ManifestColumn } from './manifestColumn.ts';

/** What a manifest says of a measured table's columns: counts, and statistics as far as they may be told. */
export function describeColumns(parameters: { rows: number; columns: readonly MeasuredColumn[]; choice?: StatisticsChoice }): ManifestColumn[] {
  const { rows, columns, choice } = parameters;
  return columns.map((measured) => {
    const { name, kind, missing, distinct, estimated } = measured;
    const statistics = publishedStatistics({ measured, rows, ...(choice ? { choice } : {}) });
    return { name, kind, missing, distinct, ...(estimated ? { estimated } : {}), ...(statistics ? { statistics } : {}) };
  });
}
