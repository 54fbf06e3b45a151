import { AsyncDuckDB, VoidLogger } from '@duckdb/duckdb-wasm';
import wasmUrl from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import workerUrl from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url';
import { type Duck, firstSettings, lastSettings, textsOf } from './duck.ts';

export type { Duck };

/** A database in memory, in a worker of its own that ends with this one. Worker and module come from this site. */
export async function openDuck(): Promise<Duck> {
  const database = new AsyncDuckDB(new VoidLogger(), new Worker(new URL(workerUrl, globalThis.location.href)));
  await database.instantiate(new URL(wasmUrl, globalThis.location.href).href);
  await database.open({ path: ':memory:' });
  const connection = await database.connect();
  const run = async (sql: string): Promise<void> => void (await connection.query(sql));
  for (const setting of firstSettings) await run(setting);
  return {
    run,
    giveFile: (name, bytes) => database.registerFileBuffer(name, bytes),
    dropFile: async (name) => void (await database.dropFile(name)),
    check: async (sql) => (await connection.prepare(sql)).close(),
    rows: async (sql) => textsOf(await connection.query(sql)),
    lock: async () => {
      for (const setting of lastSettings) await run(setting);
    },
  };
}
