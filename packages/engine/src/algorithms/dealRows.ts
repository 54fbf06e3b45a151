import type { Pointer } from '../kernels/index.ts';
import type { Problem } from './algorithm.ts';
import type { Pause } from '../run/pause.ts';
import { type Team, partStart, partsOf } from '../team/team.ts';
import type { Op } from '../team/ops.ts';
import { encodeShares } from './rows/rowShares.ts';

/** A member's train rows [first, first + rows), as f64 rows of the design in its own memory. */
export type Share = { first: number; rows: number; design: Pointer };

const CALLS_A_ROUND = 4;

/** Deals the train rows out by parts, each to its member. */
export async function dealRows({ problem, team, pause }: { problem: Problem; team: Team; pause: Pause }): Promise<Share[]> {
  const { trainRows, width: line } = problem;
  const bounds = Array.from({ length: team.size }, (_, member) => partsOf(member, team.size).map((part) => partStart(trainRows, part)));
  const rowsOf = (member: number): number => (bounds[member]?.[1] ?? 0) - (bounds[member]?.[0] ?? 0);
  const designs = team.allocate((member) => rowsOf(member) * line * 8 || 8);
  const shares = designs.map((design, member) => ({ first: bounds[member]?.[0] ?? 0, rows: rowsOf(member), design }));
  await encodeShares({ problem, team, pause, line, shares, at: 0, ones: -1 });
  return shares;
}

/** A piece of a part: rows [first, last) of the member's share; `index` counts the member's parts from 0. */
export type Piece = { member: number; index: number; first: number; last: number };

/**
 * Does an operation on all train rows, piece by piece, every member on its own parts at once. Pieces of a part come in
 * order; `stride` is the rows of a piece at most. Answers in the order of the rows.
 */
export async function eachPiece(parameters: { team: Team; rows: number; stride: number; pause: Pause }, op: (piece: Piece) => Op): Promise<{ piece: Piece; answer: number }[]> {
  const { team, rows, stride, pause } = parameters;
  const pieces = Array.from({ length: team.size }, (_, member) => piecesOf(member, team.size, rows, stride));
  const answers: { piece: Piece; answer: number }[][] = pieces.map(() => []);
  const most = Math.max(...pieces.map((list) => list.length));
  for (let at = 0; at < most; at += CALLS_A_ROUND) {
    const now = pieces.map((list) => list.slice(at, at + CALLS_A_ROUND));
    const found = team.round((member) => (now[member] ?? []).map(op));
    for (const [member, list] of now.entries()) {
      for (const [index, piece] of list.entries()) {
        const answer = found[member]?.[index];
        answers[member]?.push({ piece, answer: typeof answer === 'number' ? answer : 0 });
      }
    }
    await pause();
  }
  return answers.flat();
}

function piecesOf(member: number, size: number, rows: number, stride: number): Piece[] {
  const [firstPart, endPart] = partsOf(member, size);
  const start = partStart(rows, firstPart);
  const pieces: Piece[] = [];
  for (let part = firstPart; part < endPart; part += 1) {
    const end = partStart(rows, part + 1) - start;
    for (let row = partStart(rows, part) - start; row < end; row += stride) pieces.push({ member, index: part - firstPart, first: row, last: Math.min(end, row + stride) });
  }
  return pieces;
}
