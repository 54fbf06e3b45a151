/** What a chooser of table files offers first; what a file is, its content says. */
export const tableFiles = '.csv,.tsv,.json,.ndjson,.jsonl,.parquet,.arrow,.feather,.arrows,text/csv,text/tab-separated-values,application/json';
