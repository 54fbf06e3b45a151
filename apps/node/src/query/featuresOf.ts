import type { HubFeature } from '@neurodata/sdk';
import type { Column } from './tableSql.ts';

/** DuckDB's types in the words of `datasets.Features`. */
const dtypes: Record<string, string> = {
  BOOLEAN: 'bool', TINYINT: 'int8', SMALLINT: 'int16', INTEGER: 'int32', BIGINT: 'int64', UTINYINT: 'uint8', USMALLINT: 'uint16', UINTEGER: 'uint32', UBIGINT: 'uint64', FLOAT: 'float32', DOUBLE: 'float64', HUGEINT: 'float64',
  UHUGEINT: 'float64', DATE: 'date32', TIME: 'time64[us]', TIMESTAMP_S: 'timestamp[s]', TIMESTAMP_MS: 'timestamp[ms]', TIMESTAMP: 'timestamp[us]', TIMESTAMP_NS: 'timestamp[ns]', 'TIMESTAMP WITH TIME ZONE': 'timestamp[us, tz=UTC]', BLOB: 'binary',
};

/** A table's columns as the dataset viewer describes them. */
export function featuresOf(columns: readonly Column[]): HubFeature[] {
  return columns.map(({ name, type }, index) => ({ feature_idx: index, name, type: featureOf(type) }));
}

function featureOf(type: string): object {
  const list = /^(.*)\[\d*\]$/s.exec(type)?.[1];
  if (list !== undefined) return { feature: featureOf(list), _type: 'List' };
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal) return { dtype: `decimal128(${decimal[1]}, ${decimal[2]})`, _type: 'Value' };
  if (/^(STRUCT|MAP|UNION|JSON)/.test(type)) return { _type: 'Json' };
  return { dtype: dtypes[type] ?? 'string', _type: 'Value' };
}
