import { sha256 } from '@noble/hashes/sha2.js';
import { doublesToBytes } from '../src/run/checkpoint.ts';
import { numberOf, textOf } from '../src/spec/parameters.ts';
import type { Data, Learner, State } from './learner.ts';

const ROWS_A_STEP = 1_024;

/** All rows sorted by distance, as `src/algorithms/neighbours` without its tree. */
export const kNearestNeighbours: Learner = (data) => {
  const { rows, targets, maxSteps } = data;
  const states: State[] = [];
  let digest: Uint8Array = new Uint8Array(32);
  let taken = 0;
  while (taken < rows.length && states.length <= maxSteps) {
    const piece = rows.slice(taken, taken + ROWS_A_STEP);
    digest = sha256(Uint8Array.from([...digest, ...doublesToBytes(piece.flat()), ...doublesToBytes(targets.slice(taken, taken + ROWS_A_STEP))]));
    taken += piece.length;
    states.push({ loss: 1 - taken / rows.length, kept: Uint8Array.from([...doublesToBytes([states.length]), ...digest]) });
  }
  const held = { ...data, rows: rows.slice(0, taken), targets: targets.slice(0, taken) };
  return { states, converged: taken === rows.length, body: doublesToBytes([...held.rows.flat(), ...held.targets]), predict: (row) => answer(held, row) };
};

function answer({ rows, targets, classes, task, parameters }: Data, query: number[]): number[] {
  const found = rows
    .map((row, index) => ({ target: targets[index] ?? 0, way: squared(query, row) }))
    .map((one, index) => ({ ...one, index }))
    .sort((a, b) => a.way - b.way || a.index - b.index)
    .slice(0, numberOf(parameters, 'n_neighbors'));
  const touching = found.some(({ way }) => way === 0);
  const weightOf = (way: number): number => {
    if (textOf(parameters, 'weights') === 'uniform') return 1;
    if (touching) return way === 0 ? 1 : 0;
    return 1 / Math.sqrt(way);
  };
  let total = 0;
  let sum = 0;
  const votes = Array.from({ length: classes }, () => 0);
  for (const { target, way } of found) {
    total += weightOf(way);
    if (task === 'classification') votes[target] = (votes[target] ?? 0) + weightOf(way);
    else sum += weightOf(way) * target;
  }
  return task === 'classification' ? votes.map((vote) => vote / total) : [sum / total];
}

function squared(a: number[], b: number[]): number {
  let sum = 0;
  for (const [index, value] of a.entries()) sum += (value - (b[index] ?? 0)) * (value - (b[index] ?? 0));
  return sum;
}
