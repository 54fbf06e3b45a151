import { rename, writeFile } from 'node:fs/promises';
import type { RandomNumbers } from '../engine/randomNumbers.ts';

/** What the outside does to a process while it runs; parts of requests from 0 to 1, times in milliseconds. */
export type Sky = {
  /** Never sent; sent, and the answer lost; sent twice. */
  drop?: number; lose?: number; duplicate?: number;
  /** Longest delay of a request. */
  delayMs?: number;
  /** What its clock is wrong by. */
  skewMs?: number;
  /** Of the pieces that a gateway sends, those with one bit changed. */
  flip?: number;
};
/** By node name. */
export type Skies = { [name: string]: Sky | undefined };

export type FaultKind = 'kill' | 'stop' | 'network' | 'skew' | 'diskFull' | 'chainRestart' | 'reorg';
/** `at` and `lasts` in milliseconds since the campaign's start; `depth` in blocks. */
export type Fault = { at: number; lasts: number; kind: FaultKind; node: string; sky?: Sky; depth?: number };

export type ForecastParameters = {
  random: RandomNumbers;
  /** Milliseconds. */
  length: number;
  /** Between two faults, on average, milliseconds. */
  every: number;
  nodes: { validators: string[]; workers: string[]; gateways: string[] };
};

/** Longer than a deadline of the campaign is never away: nobody is slashed for weather alone. */
const LONGEST_MS = 9_000;
/** Deepest rewriting of the chain, blocks. */
export const DEEPEST_REORG = 32;
/** Validators that are away at one time: with these down the rest still meets the threshold. */
const MOST_AWAY = 3;

const kinds: [FaultKind, number][] = [['kill', 6], ['stop', 5], ['network', 8], ['skew', 4], ['diskFull', 3], ['chainRestart', 1], ['reorg', 2]];

/** What will happen, drawn from the seed alone. */
export function forecast({ random, length, every, nodes }: ForecastParameters): Fault[] {
  const faults: Fault[] = [];
  const all = [...nodes.validators, ...nodes.workers, ...nodes.gateways];
  for (let at = every; at < length; at += every * (0.5 + random.uniform())) {
    const kind = drawKind(random);
    const lasts = Math.round(1_000 + random.uniform() * (LONGEST_MS - 1_000));
    const node = kind === 'chainRestart' || kind === 'reorg' ? 'chain' : all[Math.floor(random.uniform() * all.length)]!;
    const fault: Fault = { at: Math.round(at), lasts, kind, node, ...detailsOf(kind, random) };
    if (fits(faults, fault, nodes)) faults.push(fault);
  }
  return faults;
}

function drawKind(random: RandomNumbers): FaultKind {
  const total = kinds.reduce((sum, [, weight]) => sum + weight, 0);
  let ticket = random.uniform() * total;
  return kinds.find(([, weight]) => (ticket -= weight) < 0)![0];
}

function detailsOf(kind: FaultKind, random: RandomNumbers): Pick<Fault, 'sky' | 'depth'> {
  if (kind === 'network') return { sky: { drop: 0.3 * random.uniform(), lose: 0.2 * random.uniform(), duplicate: 0.5 * random.uniform(), delayMs: Math.round(1_500 * random.uniform()) } };
  if (kind === 'skew') return { sky: { skewMs: Math.round((random.uniform() - 0.5) * 1_200_000) } };
  return kind === 'reorg' ? { depth: 1 + Math.floor(random.uniform() * DEEPEST_REORG) } : {};
}

/** One fault per node at a time, never too many validators away, and of gateways one. */
function fits(faults: Fault[], fault: Fault, nodes: ForecastParameters['nodes']): boolean {
  const during = faults.filter(({ at, lasts }) => at < fault.at + fault.lasts + LONGEST_MS && fault.at < at + lasts + LONGEST_MS);
  if (during.some(({ node }) => node === fault.node)) return false;
  const among = (names: string[]): number => during.filter(({ node }) => names.includes(node)).length;
  if (nodes.validators.includes(fault.node)) return among(nodes.validators) < MOST_AWAY;
  return !nodes.gateways.includes(fault.node) || among(nodes.gateways) === 0;
}

/** Writes the weather file whole, so that no node reads half of one. */
export async function writeSkies(file: string, skies: Skies): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(skies));
  await rename(`${file}.new`, file);
}
