import type { Readiness } from '@neurodata/protocol';
import type { Database } from '../db/openDatabase.ts';
import type { Indexer } from '../indexer/createIndexer.ts';
import type { BackgroundJobs } from '../jobs/index.ts';
import type { Metrics } from './createMetrics.ts';

/** The figures of a gateway, read when somebody asks. */
export function addGatewayReadings(metrics: Metrics, parts: { db: Database; indexer: Pick<Indexer, 'head'>; jobs: Pick<BackgroundJobs, 'count'>; readiness: () => Promise<Readiness> }): void {
  const { db, indexer, jobs, readiness } = parts;
  const one = (value: number | undefined) => (value === undefined ? [] : [{ value }]);
  const { pool } = db;
  metrics.add({
    name: 'neurodata_db_connections', help: 'Connections to the database, and requests that wait for one', labels: ['state'],
    read: async () => [{ labels: { state: 'open' }, value: pool.totalCount }, { labels: { state: 'idle' }, value: pool.idleCount }, { labels: { state: 'waiting' }, value: pool.waitingCount }],
  });
  metrics.add({ name: 'neurodata_chain_head_block', help: 'Newest block of the chain that the indexer has seen', read: async () => one(indexer.head()?.chain) });
  metrics.add({ name: 'neurodata_indexed_block', help: 'Newest block whose events are rows', read: async () => one(indexer.head()?.indexed) });
  metrics.add({
    name: 'neurodata_indexer_lag_blocks', help: 'Blocks between the two',
    read: async () => {
      const head = indexer.head();
      return one(head && Math.max(0, head.chain - head.indexed));
    },
  });
  metrics.add({
    name: 'neurodata_jobs', help: 'Background jobs by name and state', labels: ['name', 'state'],
    read: async () => (await jobs.count()).map(({ name, state, count }) => ({ labels: { name, state }, value: count })),
  });
  metrics.add({
    name: 'neurodata_ready', help: 'Whether a part is ready, as /readyz says', labels: ['part'],
    read: async () => Object.entries((await readiness()).parts).map(([part, state]) => ({ labels: { part }, value: state.ready ? 1 : 0 })),
  });
}
