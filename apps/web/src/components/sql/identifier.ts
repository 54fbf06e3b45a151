/** A column's name as a query names it: bare where that is safe, else in double quotes. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !words.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Common names that mean something in SQL. */
const words = new Set(['all', 'and', 'any', 'as', 'asc', 'between', 'by', 'case', 'cast', 'column', 'default', 'desc', 'distinct', 'else', 'end', 'false', 'for', 'from', 'group', 'having', 'in', 'is', 'join', 'limit', 'not', 'null', 'offset', 'on', 'or', 'order', 'primary', 'references', 'select', 'some', 'table', 'then', 'to', 'true', 'union', 'unique', 'user', 'using', 'when', 'where', 'window', 'with']);
