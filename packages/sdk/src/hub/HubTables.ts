import type { HubData } from './HubSource.ts';

/** A table that was opened for whoever asks; `key` names its content, and so what is kept of it. */
export type HubTable = { key: string; data: HubData };

export type TableQuestion = {
  /** A condition in the viewer's language. */
  where?: string;
  /** Columns, each with ASC or DESC. */
  orderBy?: string;
  /** Rows with a form of one of these words in a text, best first; asked for alone. */
  words?: string;
  offset: number;
  length: number;
};

/** A column, its type in the words of `datasets.Features`. */
export type HubFeature = { feature_idx: number; name: string; type: object };
export type TableAnswer = { features: HubFeature[]; rows: { index: number; row: Record<string, unknown> }[]; /** How many rows fit, on all pages. */ total: number };

/** What asks tables more than to be read from their beginning. Whoever has opened one may ask; a `HubError` says what is wrong with a question. */
export type HubTables = {
  /** Rows that fit: those with words by relevance, else in the table's order where none is asked for. */
  select(table: HubTable, question: TableQuestion): Promise<TableAnswer>;
  /** The table as a Parquet file. */
  parquet(table: HubTable): Promise<{ sha256: string; data: HubData }>;
  /** Removes what was kept. */
  stop(): Promise<void>;
};
