/** What asks tables in SQL is the node's: read where it is asked for only. */
export { createHubTables } from '@neurodata/node/hubTables';
export { queryFile } from '@neurodata/node/query';
export type { QueryFacts, QueryFormat } from '@neurodata/node/query';
