import type { Pointer } from './pointer.ts';

/** `assembly/neighbours.ts`. */
export type NeighbourKernels = {
  findNeighbours(
    x: Pointer, width: number, boxes: Pointer, leaves: number, leafStarts: Pointer, ids: Pointer, points: Pointer, lanes: number,
    stack: Pointer, k: number, outDistances: Pointer, outRows: Pointer,
  ): number;
  voteOfNeighbours(found: Pointer, foundRows: Pointer, k: number, targets: Pointer, classes: number, byDistance: number, out: Pointer): void;
  meanOfNeighbours(found: Pointer, foundRows: Pointer, k: number, targets: Pointer, byDistance: number): number;
};
