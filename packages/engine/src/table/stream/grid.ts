import { type GridHistogram, gridOf } from '../gridHistogram.ts';

/**
 * Numbers counted in cells whose width is a power of two, the least one with which `most` cells hold them all: so cells join in pairs as the numbers spread, nothing is lost, and the
 * counts are the same in whatever order the numbers come. Plain data, so that threads can send it.
 */
export type Grid = {
  most: number;
  min: number;
  max: number;
  /** The first numbers, until they are enough to choose a width by. */
  held: number[];
  /** Cells are two to the `exponent` wide, `scale` is one by that; 0 while numbers are held. */
  exponent: number;
  scale: number;
  /** Cell `first + i` has `counts[i]` numbers. */
  first: number;
  counts: Float64Array;
};

const HELD = 1_024;

export function createGrid(most: number): Grid {
  return { most, min: Infinity, max: -Infinity, held: [], exponent: 0, scale: 0, first: 0, counts: new Float64Array() };
}

export function countNumber(grid: Grid, value: number): void {
  if (value < grid.min) grid.min = value;
  if (value > grid.max) grid.max = value;
  if (grid.scale === 0) {
    grid.held.push(value);
    if (grid.held.length === HELD) open(grid);
    return;
  }
  const at = Math.floor(value * grid.scale) - grid.first;
  if (at >= 0 && at < grid.counts.length) grid.counts[at] = (grid.counts[at] as number) + 1;
  else {
    fit(grid);
    put(grid, value, 1);
  }
}

function put(grid: Grid, value: number, count: number): void {
  const at = Math.floor(value * grid.scale) - grid.first;
  grid.counts[at] = (grid.counts[at] ?? 0) + count;
}

function open(grid: Grid): void {
  const { held } = grid;
  grid.held = [];
  fit(grid);
  for (const value of held) put(grid, value, 1);
}

/** Makes the cells wide enough for all numbers so far, with room on both sides. */
function fit(grid: Grid): void {
  const { min, max, most, counts, first, exponent, scale } = grid;
  let next = Math.max(scale === 0 ? -Infinity : exponent, exponentOf(max / 2 - min / 2) - Math.log2(most) - 1, leastExponent(min, max));
  while (Math.floor(max * scaleOf(next)) - Math.floor(min * scaleOf(next)) >= most) next += 1;
  const lowest = Math.floor(min * scaleOf(next));
  const span = Math.floor(max * scaleOf(next)) - lowest + 1;
  grid.exponent = next;
  grid.scale = scaleOf(next);
  grid.first = lowest - Math.floor((most - span) / 2);
  grid.counts = new Float64Array(most);
  if (scale !== 0) copy(grid, { counts, first, exponent });
}

/** Adds counts of cells that are no wider. */
function copy(grid: Grid, { counts, first, exponent }: Pick<Grid, 'counts' | 'first' | 'exponent'>): void {
  const joined = 2 ** (grid.exponent - exponent);
  for (let index = 0; index < counts.length; index += 1) {
    const count = counts[index] as number;
    if (count === 0) continue;
    const at = Math.floor((first + index) / joined) - grid.first;
    grid.counts[at] = (grid.counts[at] as number) + count;
  }
}

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

/** Of the power of two at or below a number: exact, as logarithms are not. */
function exponentOf(value: number): number {
  double[0] = value;
  return (((halves[1] as number) >>> 20) & 0x7ff) - 1_023;
}

/** With finer cells their numbers would not be whole any more. */
function leastExponent(min: number, max: number): number {
  return Math.max(-1_000, exponentOf(Math.max(Math.abs(min), Math.abs(max))) - 51);
}

function scaleOf(exponent: number): number {
  halves[0] = 0;
  halves[1] = (1_023 - exponent) << 20;
  return double[0] as number;
}

/** Has fewer cells from now on. */
export function narrowGrid(grid: Grid, most: number): void {
  if (most >= grid.most) return;
  grid.most = most;
  if (grid.scale !== 0) fit(grid);
}

/** Puts one into another: the same as if all numbers had gone to one. */
export function mergeGrid(into: Grid, from: Grid): void {
  narrowGrid(into, from.most);
  narrowGrid(from, into.most);
  if (from.scale === 0) {
    for (const value of from.held) countNumber(into, value);
    return;
  }
  if (into.scale === 0 && into.held.length > 0) open(into);
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
  if (into.scale === 0 || from.exponent > into.exponent) {
    // The wider cells take the others in.
    const { counts, first, exponent, scale } = into;
    Object.assign(into, { counts: new Float64Array(into.most), exponent: from.exponent, scale: from.scale, first: from.first });
    into.counts.set(from.counts);
    fit(into);
    if (scale !== 0) copy(into, { counts, first, exponent });
  } else {
    fit(into);
    copy(into, from);
  }
}

export type GridFigures = { quartiles: [number, number, number]; histogram?: GridHistogram; /** Width of a cell: quartiles are no finer. */ resolution: number };

/** Quartiles to the width of a cell, and the histogram that `gridHistogram` would count, but for numbers that share a cell with an edge. There is one number at least. */
export function describeGrid(grid: Grid): GridFigures {
  if (grid.scale === 0) open(grid);
  const { counts, first, min, max, scale } = grid;
  const width = 1 / scale;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const edge = (index: number): number => Math.min(max, Math.max(min, (first + index) * width));
  const quantile = (part: number): number => {
    const place = (total - 1) * part;
    const [low, high] = [edge(cellOfRank(counts, Math.floor(place))), edge(cellOfRank(counts, Math.ceil(place)))];
    const rest = place - Math.floor(place);
    return low * (1 - rest) + high * rest;
  };
  const histogram = histogramOf(grid, total, width);
  return { quartiles: [quantile(0.25), quantile(0.5), quantile(0.75)], ...(histogram ? { histogram } : {}), resolution: width };
}

/** The mean of the cells' lower edges, each weighed by its numbers: no sum overflows. */
export function meanOfGrid(grid: Grid): number {
  if (grid.scale === 0) open(grid);
  const total = grid.counts.reduce((sum, count) => sum + count, 0);
  return grid.counts.reduce((mean, count, index) => (count === 0 ? mean : mean + ((grid.first + index) / grid.scale) * (count / total)), 0);
}

function cellOfRank(counts: Float64Array, rank: number): number {
  let before = 0;
  for (let index = 0; index < counts.length; index += 1) {
    before += counts[index] as number;
    if (before > rank) return index;
  }
  return counts.length - 1;
}

function histogramOf({ counts, first, min, max }: Grid, total: number, fine: number): GridHistogram | undefined {
  const bounds = gridOf(min, max, total);
  if (!bounds) return undefined;
  const { width, first: from, last } = bounds;
  const bars = Array.from({ length: last - from + 1 }, () => 0);
  for (let index = 0; index < counts.length; index += 1) {
    const count = counts[index] as number;
    if (count === 0) continue;
    const lower = (first + index) * fine;
    const above = Math.floor((lower + fine) / width);
    // Where an edge lies inside of a cell, its numbers mostly stand on the edge: round ones do.
    const bar = above * width < lower + fine ? above : Math.floor(lower / width);
    const at = Math.min(last, Math.max(from, bar)) - from;
    bars[at] = (bars[at] ?? 0) + count;
  }
  return { width, first: from, counts: bars };
}
