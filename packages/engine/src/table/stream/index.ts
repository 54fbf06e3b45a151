/** What a thread needs that describes parts of a table: a few small modules, where the engine as a whole takes tens of megabytes in each. */
export { EngineError } from '../../errors.ts';
export { type Lane, type LaneSetup, type LaneState, createLane } from './lane.ts';
