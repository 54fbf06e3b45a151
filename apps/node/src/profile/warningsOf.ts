import type { FileProfile } from './profile.ts';

const FEW_ROWS = 20;
const NEARLY = 0.98;

/** What a publisher should look at, in sentences. */
export function warningsOf({ rows, columns, dialect, correlations }: Omit<FileProfile, 'warnings'>): string[] {
  return [
    ...(dialect && !dialect.header ? ['The first row reads like data, and is taken for the names of the columns: add a header.'] : []),
    ...(rows < FEW_ROWS ? [`The table has ${rows} rows only.`] : []),
    ...columns.flatMap(({ name, missing, distinct, kind }) => {
      if (missing === rows) return [`Column ${name} is empty.`];
      if (distinct === 1) return [`Column ${name} holds one value only.`];
      return kind === 'categorical' && distinct === rows && rows >= FEW_ROWS ? [`Column ${name} is different in each row: it may name people or things.`] : [];
    }),
    ...correlations.filter(({ r }) => Math.abs(r) >= NEARLY).map(({ a, b }) => `Columns ${a} and ${b} nearly tell each other.`),
  ];
}
