import { DuckDBDateValue, DuckDBDecimalValue, DuckDBTimeValue, DuckDBTimestampMillisecondsValue, DuckDBTimestampNanosecondsValue, DuckDBTimestampSecondsValue, DuckDBTimestampTZValue, DuckDBTimestampValue } from '@duckdb/node-api';
import { TimeUnit, bool, dateDay, decimal128, float32, float64, int16, int32, int64, int8, timeMicrosecond, timestamp, uint16, uint32, uint64, uint8, utf8 } from '@uwdata/flechette';
import type { ArrowColumn } from './createArrowFile.ts';

type Kind = Omit<ArrowColumn, 'name'>;

const kinds: Record<string, () => Kind> = {
  BOOLEAN: () => ({ type: bool() }),
  TINYINT: () => ({ type: int8() }), SMALLINT: () => ({ type: int16() }), INTEGER: () => ({ type: int32() }), BIGINT: () => ({ type: int64() }),
  UTINYINT: () => ({ type: uint8() }), USMALLINT: () => ({ type: uint16() }), UINTEGER: () => ({ type: uint32() }), UBIGINT: () => ({ type: uint64() }),
  FLOAT: () => ({ type: float32() }), DOUBLE: () => ({ type: float64() }),
  DATE: () => ({ type: dateDay(), stored: int32() }), TIME: () => ({ type: timeMicrosecond() }),
  TIMESTAMP: () => instant(TimeUnit.MICROSECOND), TIMESTAMP_S: () => instant(TimeUnit.SECOND), TIMESTAMP_MS: () => instant(TimeUnit.MILLISECOND), TIMESTAMP_NS: () => instant(TimeUnit.NANOSECOND),
  'TIMESTAMP WITH TIME ZONE': () => instant(TimeUnit.MICROSECOND, 'UTC'),
};

/** Whole numbers of the unit, as DuckDB has them: by the library's own way through milliseconds they would lose digits. */
function instant(unit: (typeof TimeUnit)[keyof typeof TimeUnit], zone: string | null = null): Kind {
  return { type: timestamp(unit, zone), stored: int64() };
}

/**
 * What a column of DuckDB becomes in Arrow, and the SQL that makes its cells so. Sums of whole numbers (HUGEINT) become doubles, as DuckDB writes them to Parquet; lists and
 * objects become JSON; whatever else there is becomes text.
 */
export function arrowColumn({ name, type }: { name: string; type: string }, column: string): ArrowColumn & { sql: string } {
  const kind = kinds[type];
  if (kind) return { name, ...kind(), sql: column };
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type);
  if (decimal) return { name, type: decimal128(Number(decimal[1]), Number(decimal[2])), sql: column };
  if (/^U?HUGEINT$/.test(type)) return { name, type: float64(), sql: `CAST(${column} AS DOUBLE)` };
  const nested = /[\])]$/.test(type) && !type.startsWith('ENUM');
  return { name, type: utf8(), sql: `CAST(${nested ? `to_json(${column})` : column} AS VARCHAR)` };
}

/** A cell of DuckDB as the writer takes it. */
export function arrowCell(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBTimeValue || value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return value.micros;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis;
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds;
  return value instanceof DuckDBDecimalValue ? value.value : String(value);
}

/** Names of Arrow columns that are given twice stay apart. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let count = 1; taken.has(free); count += 1) free = `${name}_${count}`;
    taken.add(free);
    return free;
  });
}
