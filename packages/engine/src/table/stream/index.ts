/** What a thread needs that describes parts of a table: a few small modules, where the engine as a whole takes tens of megabytes in each. */
export { EngineError } from '../../errors.ts';
export { type LaneState } from './columns.ts';
export { type Lane } from './csvLane.ts';
export { type LaneSetup, createLane } from './lane.ts';
