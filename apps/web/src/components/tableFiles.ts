/** What a chooser of table files offers first; what a file is, its content says. */
export const tableFiles = '.csv,.json,.ndjson,.jsonl,.parquet,text/csv,application/json';
