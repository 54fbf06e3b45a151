import type { ManifestColumn } from '../manifestColumn.ts';
import type { DeclaredColumn } from './importedDescription.ts';

/** Where a description and the table that it comes with say different things of the columns, in sentences; none where they agree. */
export function compareColumns(declared: readonly DeclaredColumn[], columns: readonly Pick<ManifestColumn, 'name' | 'kind'>[]): string[] {
  if (declared.length === 0) return [];
  const kinds = new Map(columns.map(({ name, kind }) => [name, kind]));
  const names = new Set(declared.map(({ name }) => name));
  const missing = declared.filter(({ name }) => !kinds.has(name)).map(({ name }) => name);
  const undeclared = columns.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  const texts = declared.filter(({ name, kind }) => kind === 'number' && kinds.get(name) === 'categorical').map(({ name }) => name);
  return [
    ...(missing.length > 0 ? [`The description names columns that the table has not: ${list(missing)}.`] : []),
    ...(undeclared.length > 0 ? [`The table has columns that the description does not name: ${list(undeclared)}.`] : []),
    ...(texts.length > 0 ? [`Columns of numbers, the description says, hold other texts too: ${list(texts)}.`] : []),
  ];
}

const shown = 10;
const list = (names: readonly string[]): string => `${names.slice(0, shown).join(', ')}${names.length > shown ? ` and ${names.length - shown} more` : ''}`;
