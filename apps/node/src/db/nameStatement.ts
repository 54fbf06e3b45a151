import type { PoolClient, QueryConfig } from 'pg';

/** Longer statements differ each time: remembering them costs more than it saves. */
const mostNamed = 64;
/** Statements about many rows: how they are best done changes as tables grow, so a plan is made each time. */
const aboutMany = /\bjsonb_to_recordset\b/i;

/** Names of statements that a connection knows, by their texts. PGlite's connections share their names, so each has a number. */
const known = new WeakMap<PoolClient, { number: number; names: Map<string, string> }>();
let connections = 0;

/** The statement with the name by which this connection knows it, so that it is planned once. */
export function nameStatement(client: PoolClient, statement: QueryConfig, values: unknown[] | undefined): QueryConfig {
  if (values === undefined || values.length === 0 || values.length > mostNamed || aboutMany.test(statement.text)) return statement;
  const mine = known.get(client) ?? { number: (connections += 1), names: new Map<string, string>() };
  known.set(client, mine);
  const name = mine.names.get(statement.text) ?? `w${mine.number}_${mine.names.size}`;
  mine.names.set(statement.text, name);
  return { ...statement, name };
}
