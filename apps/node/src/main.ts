/** Builds the node from its parts. Only this file builds things; only `config.ts` reads the environment. */
export { runNode } from './runNode.ts';
export { startNode } from './startNode.ts';
export type { RunningNode, StartOptions, StartStep } from './startNode.ts';
export { readPlan } from './net/planNet.ts';
export type { NetNode, NetPlan, NetSize } from './net/planNet.ts';
export { readNet } from './net/readNet.ts';
export type { NetRow } from './net/readNet.ts';
export { requestRestart } from './net/requests.ts';
export { runNet } from './net/runNet.ts';
export { startNet } from './net/startNet.ts';
export type { RunningNet } from './net/startNet.ts';
export { changeIdentity } from './processes/changeIdentity.ts';
export { rebuildNodeIndex } from './maintain/rebuildNodeIndex.ts';
export { backupDatabase } from './maintain/backupDatabase.ts';
export { databaseStatus, migrateDatabase } from './maintain/databaseStatus.ts';
export { restoreDatabase } from './maintain/restoreDatabase.ts';
export { checkNodeBlocks, collectNodeGarbage, readNodePins } from './maintain/nodeBlocks.ts';
