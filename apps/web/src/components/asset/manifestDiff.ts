import type { Manifest, OtherTableDiff } from '@neurodata/protocol';
import { numeral, pointed } from '../../language/format.ts';
import { t } from '../../language/t.ts';

/** One thing that differs between two versions, in words; `before` or `after` is absent where there was or is nothing. */
export type Change = { what: string; before?: string; after?: string };

type Column = NonNullable<Manifest['nd:columns']>[number];

/** What a version's manifest says otherwise than the one before: the text about it, its rows, columns and file. */
export function manifestDiff(before: Manifest, after: Manifest): Change[] {
  const changes: Change[] = [];
  const tell = (what: string, old: string | number | undefined, now: string | number | undefined): void => {
    if (old === now) return;
    changes.push({ what, ...(old === undefined ? {} : { before: said(old) }), ...(now === undefined ? {} : { after: said(now) }) });
  };
  tell(t`Title`, before.name, after.name);
  tell(t`Description`, before.description, after.description);
  tell(t`Licence`, before.license, after.license);
  tell(t`Source`, before.isBasedOn, after.isBasedOn);
  tell(t`Tags`, before.keywords.join(', ') || undefined, after.keywords.join(', ') || undefined);
  tell(t`Rows`, before['nd:rows'], after['nd:rows']);
  tell(t`File`, before['nd:sealed'].fileName, after['nd:sealed'].fileName);
  tell(t`Sealed bytes`, before['nd:sealed'].size, after['nd:sealed'].size);
  return [...changes, ...columnChanges(before['nd:columns'] ?? [], after['nd:columns'] ?? [])];
}

/** The same of a folder's other tables, each named by its path; of one that only one version tells of, its rows. */
export function tableChanges(before: Manifest, after: Manifest, tables: readonly OtherTableDiff[]): Change[] {
  return tables.flatMap(({ path, from, rows }): Change[] => {
    const count: Change = { what: t`Rows`, ...(rows.before === null ? {} : { before: numeral(rows.before) }), ...(rows.after === null ? {} : { after: numeral(rows.after) }) };
    const isTold = rows.before !== null && rows.after !== null;
    const changes = [...(rows.before === rows.after ? [] : [count]), ...(isTold ? columnChanges(columnsOf(before, from ?? path), columnsOf(after, path)) : [])];
    return changes.map((change) => ({ ...change, what: `${path}: ${change.what}` }));
  });
}

function columnsOf(manifest: Manifest, path: string): Column[] {
  const other = manifest['nd:tables']?.find((table) => table.path === path);
  return other?.columns ?? manifest['nd:columns'] ?? [];
}

function columnChanges(before: Column[], after: Column[]): Change[] {
  const [old, now] = [before, after].map((columns) => new Map(columns.map((column) => [column.name, column])));
  const gone = before.filter(({ name }) => !now?.has(name)).map((column): Change => ({ what: t`Column ${column.name}`, before: described(column) }));
  const rest = after.flatMap((column): Change[] => {
    const known = old?.get(column.name);
    if (!known) return [{ what: t`Column ${column.name}`, after: described(column) }];
    return described(known) === described(column) ? [] : [{ what: t`Column ${column.name}`, before: described(known), after: described(column) }];
  });
  return [...gone, ...rest];
}

function described({ kind, missing, distinct, statistics }: Column): string {
  const mean = statistics && 'mean' in statistics && typeof statistics.mean === 'number' ? t`, mean ${pointed(String(statistics.mean))}` : '';
  return t`${kind === 'numeric' ? t`numbers` : t`texts`}, ${numeral(distinct)} different, ${numeral(missing)} missing${mean}`;
}

const said = (value: string | number): string => (typeof value === 'number' ? numeral(value) : value);
