export { checkCurator } from './createCollections.ts';
export { createDiscovery } from './createDiscovery.ts';
export type { Discovery } from './createDiscovery.ts';
export { findAlerts } from './findAlerts.ts';
export type { Alert } from './findAlerts.ts';
export type { Rerank } from './searchAssets.ts';
export { matchWords } from './matchWords.ts';
export { refreshViewed } from './refreshViewed.ts';
export { refreshStatistics } from './statistics.ts';
