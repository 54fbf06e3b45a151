import type { ProfileQuestion } from '../profile/profile.ts';

/** How an answer is written. `json`: an object a line; `arrow`: an IPC file. */
export const queryFormats = ['csv', 'parquet', 'json', 'arrow'] as const;
export type QueryFormat = (typeof queryFormats)[number];

/** What the process that queries is asked, by its parent. */
export type QueryQuestion = Pick<ProfileQuestion, 'file' | 'source' | 'names' | 'delimiter' | 'quote' | 'memoryMb' | 'threads' | 'temporary' | 'temporaryMb'> & {
  sql: string;
  format: QueryFormat;
  /** CSV as the values are; else cells that a spreadsheet would run begin with an apostrophe. */
  raw: boolean;
  /** Written by the process; nothing else is. */
  output: string;
};

export type QueryFacts = { rows: number; columns: { name: string; type: string }[] };

/** The line that it says. `sql`: the question is wrong, not the file. */
export type QueryAnswer = { type: 'answered'; facts: QueryFacts } | { type: 'refused'; why: 'memory' | 'sql' | 'failed'; message: string };
