/** Builds the node from its parts. Only this file builds things; only `config.ts` reads the environment. */
export { runNode } from './runNode.ts';
export { startNode } from './startNode.ts';
export type { RunningNode, StartOptions, StartStep } from './startNode.ts';
