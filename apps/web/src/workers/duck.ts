/** A database that is asked in SQL. */
export type Duck = {
  giveFile(name: string, bytes: Uint8Array): Promise<void>;
  dropFile(name: string): Promise<void>;
  run(sql: string): Promise<void>;
  /** Whether it is one statement that could be run. Rejects with what DuckDB says. */
  check(sql: string): Promise<void>;
  /** A result whose columns are all texts. */
  rows(sql: string): Promise<(string | null)[][]>;
  /** Takes away files, network and extensions, and all settings for good. */
  lock(): Promise<void>;
};

/** Before anything is read: nothing is fetched for a question, and memory is capped. */
export const firstSettings = ['SET autoinstall_known_extensions = false', 'SET autoload_known_extensions = false', "SET memory_limit = '1GB'"];
/** Before anything is asked. */
export const lastSettings = ['SET enable_external_access = false', 'SET lock_configuration = true'];

type Result = { numRows: number; schema: { fields: unknown[] }; getChildAt(index: number): { get(row: number): unknown } | null };

/** The cells of a result, row by row. */
export function textsOf(table: Result): (string | null)[][] {
  const columns = table.schema.fields.map((_, index) => table.getChildAt(index));
  return Array.from({ length: table.numRows }, (_, row) => columns.map((column) => column?.get(row) as string | null));
}
