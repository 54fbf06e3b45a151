import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import type { QueryFormat } from './commands/queries.ts';

const byExtension: Record<string, QueryFormat> = { '.csv': 'csv', '.parquet': 'parquet', '.arrow': 'arrow', '.feather': 'arrow', '.json': 'json', '.ndjson': 'json', '.jsonl': 'json' };
export const extensionOf: Record<QueryFormat, string> = { csv: '.csv', parquet: '.parquet', arrow: '.arrow', json: '.ndjson' };

/** What a file is written as, by its name; throws BAD_INPUT where that does not tell. */
export function formatOfName(file: string): QueryFormat {
  const format = byExtension[path.extname(file).toLowerCase()];
  if (format) return format;
  throw new NeuroError(`What ${file} is to be written as is not plain from its name.`, { code: 'BAD_INPUT', remedy: 'Add --format csv, parquet, arrow or json.' });
}
