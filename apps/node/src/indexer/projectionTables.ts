import { assets, attestations, blocks, challenges, cursor, economyTables, events, grants, jobs, keyGrants, keyRequests, lineage, listings, orders, rounds, stakes, subscriptions, validators, versions, workers } from '../db/schema.ts';

/** Every table that is made from the chain, and nothing else. */
export const projectionTables = [
  cursor, blocks, events, assets, lineage, versions, listings, orders, grants, jobs, rounds, attestations, challenges, validators, workers, stakes, subscriptions, keyRequests, keyGrants, ...economyTables,
] as const;
