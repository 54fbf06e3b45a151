import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { ProfileQuestion } from './profile.ts';
import { literal } from './sqlText.ts';

/**
 * A DuckDB in memory that reads one file, writes one where it is asked to, and nothing else: no other path, no network, no extension is loaded or installed, and none of this can be set otherwise
 * afterwards. It spills to a folder of its own, up to a size. Rows that are written keep their order.
 */
export async function openLocked({ file, writes, memoryMb, threads, temporary, temporaryMb }: Pick<ProfileQuestion, 'file' | 'memoryMb' | 'threads' | 'temporary' | 'temporaryMb'> & { writes?: string }): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', allow_community_extensions: 'false', allow_unsigned_extensions: 'false',
    memory_limit: `${memoryMb}MiB`, threads: String(threads), temp_directory: temporary, max_temp_directory_size: `${temporaryMb}MiB`, preserve_insertion_order: String(writes !== undefined),
  });
  const connection = await instance.connect();
  await connection.run(`SET allowed_paths = [${[file, ...(writes === undefined ? [] : [writes])].map(literal).join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return connection;
}
