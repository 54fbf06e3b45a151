import type { ClientBase } from 'pg';
import { jobsSchema } from '../jobs/index.ts';

/** A table as a backup knows it: the columns that hold what was written, and the one that counts by itself. */
export type TableShape = { name: string; columns: string[]; counter: string | undefined };

/** A table's name as SQL has it; a schema may stand before it. */
export const quoted = (name: string): string => name.split('.').map((part) => `"${part}"`).join('.');

export const [queueTable, jobTable] = [`${jobsSchema}.queue`, `${jobsSchema}.job`];

/** Background jobs and the queues that they wait in; pg-boss's own and its statistics are made again by themselves. None where no node has started on the database. */
export async function listJobTables(client: ClientBase): Promise<(TableShape & { rows: string })[]> {
  const { rows } = await client.query<{ column: string }>(`SELECT column_name AS column FROM information_schema.columns WHERE table_schema = $1 AND table_name = 'job' AND is_generated = 'NEVER' ORDER BY ordinal_position`, [jobsSchema]);
  if (rows.length === 0) return [];
  const ours = `name NOT LIKE '\\_\\_pgboss%'`;
  return [{ name: queueTable, columns: ['name', 'policy'], counter: undefined, rows: ours }, { name: jobTable, columns: rows.map(({ column }) => column), counter: undefined, rows: ours }];
}

/** The node's own tables, those that others refer to first. */
export async function listTables(client: ClientBase): Promise<TableShape[]> {
  const { rows } = await client.query<{ name: string; column: string; counter: boolean }>(`SELECT c.table_name AS name, c.column_name AS column, c.is_identity = 'YES' AS counter
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' AND c.table_name <> 'migrations' ORDER BY c.table_name, c.ordinal_position`);
  const shapes = [...Map.groupBy(rows, (row) => row.name)].map(([name, columns]): TableShape => ({ name, columns: columns.map(({ column }) => column), counter: columns.find(({ counter }) => counter)?.column }));
  const { rows: references } = await client.query<{ child: string; parent: string }>(`SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace`);
  return ordered(shapes, references);
}

function ordered(shapes: TableShape[], references: { child: string; parent: string }[]): TableShape[] {
  const done = new Set<string>();
  const result: TableShape[] = [];
  const visit = (shape: TableShape, trail: ReadonlySet<string>): void => {
    if (done.has(shape.name) || trail.has(shape.name)) return;
    for (const { child, parent } of references) {
      const before = child === shape.name ? shapes.find(({ name }) => name === parent) : undefined;
      if (before) visit(before, new Set([...trail, shape.name]));
    }
    done.add(shape.name);
    result.push(shape);
  };
  for (const shape of shapes) visit(shape, new Set());
  return result;
}

/** Names of the migrations that have run; none where there are no tables yet. */
export async function migrationsRun(client: ClientBase): Promise<string[]> {
  const { rows: found } = await client.query<{ there: boolean }>(`SELECT to_regclass('migrations') IS NOT NULL AS there`);
  if (!found[0]?.there) return [];
  return (await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY name')).rows.map(({ name }) => name);
}
