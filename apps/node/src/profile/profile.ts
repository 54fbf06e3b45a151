import type { CsvDialect, TableFormat } from '@neurodata/engine';

/** A column as measured. Figures leave missing cells out; a cell is missing that is empty, null or `NA`. */
export type ProfiledColumn = {
  name: string;
  kind: 'numeric' | 'categorical';
  missing: number;
  /** Different values: numbers of numeric columns, texts of the others. */
  distinct: number;
  /** Of numeric columns. */
  numbers?: {
    min: number;
    max: number;
    mean: number;
    deviation: number;
    /** 5, 25, 50, 75 and 95 %. */
    quantiles: [number, number, number, number, number];
    /** Counts between `min` and `max`, in parts of the same width. */
    histogram: number[];
  };
  /** Of the others: the commonest texts. */
  top?: { value: string; count: number }[];
  /** Characters of the longest text. */
  longest?: number;
};

export type FileProfile = {
  format: TableFormat;
  /** Of CSV. */
  dialect?: CsvDialect;
  bytes: number;
  rows: number;
  /** False where the file is large: numbers of distinct values and quantiles are estimates then. */
  exact: boolean;
  columns: ProfiledColumn[];
  /** Pearson's, of pairs of numeric columns, strongest first. */
  correlations: { a: string; b: string; r: number }[];
  /** For the publisher: what is odd. */
  warnings: string[];
};

/** What the process that profiles is asked, by its parent. */
export type ProfileQuestion = {
  /** A file that DuckDB reads. */
  file: string;
  source: 'csv' | 'json' | 'ndjson' | 'parquet';
  /** Of CSV. */
  names?: string[];
  delimiter?: string;
  quote?: string;
  exact: boolean;
  memoryMb: number;
  threads: number;
  temporary: string;
  temporaryMb: number;
};

export type ProfileStage = 'reading' | 'counting' | 'measuring' | 'drawing';
export type ProfileFacts = Pick<FileProfile, 'rows' | 'columns' | 'correlations'>;

/** A line that it says. */
export type ProfileAnswer = { type: 'progress'; stage: ProfileStage; part: number } | { type: 'profiled'; facts: ProfileFacts } | { type: 'refused'; memory: boolean; message: string };
