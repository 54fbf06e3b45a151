import type { Digest } from '../../packages/engine/src/hash.ts';
import { writeCheckpoint } from '../../packages/engine/src/run/checkpoint.ts';
import { type RandomNumbers, createRandomNumbers } from '../engine/randomNumbers.ts';
import { type Made, type Side, openSide } from './trainSide.ts';
import { weatherCsv, weatherSpec } from './tables.ts';

export const cheats = ['skipped steps', 'forged segment', 'other seed', 'other data', 'stolen model'] as const;
export type Cheat = (typeof cheats)[number];

/** A run as its worker publishes it; `forged` are the steps that it did not make as it says. */
export type PublishedRun = { states: Uint8Array[]; digests: Digest[]; forged: Set<number> };

/** The honest run of the claimed spec and what cheats take instead. */
export type Workshop = { honest: Made[]; steps: number; publish(cheat: Cheat | null, share: number, seed: number): Promise<PublishedRun> };

// A perceptron's state: 11 doubles of counters, then its parameters and moments.
const COUNTERS = 88;

/** Everything that cheats need: the claimed run, one of another seed, one of other rows. */
export async function openWorkshop(): Promise<Workshop> {
  const csv = weatherCsv();
  const sides = { claimed: await openSide(csv, weatherSpec(0)), seed: await openSide(csv, weatherSpec(1)), data: await openSide(otherRows(csv), weatherSpec(0)) };
  const honest = await follow(sides.claimed, 1_000);
  const stolen = (await follow(sides.seed, 1_000)).at(-1);
  if (stolen === undefined) throw new Error('No model was trained to be stolen.');
  const steps = honest.length - 1;
  return {
    honest, steps,
    publish: async (cheat, share, seed) => {
      const random = createRandomNumbers(seed);
      const count = cheat === null ? 0 : Math.round(share * steps);
      const inOne = cheat === 'forged segment' || cheat === 'stolen model';
      const places = inOne ? block(count, steps, random) : scattered(count, steps, random);
      const made = await makeStates({ cheat, sides, honest, stolen, places });
      return { ...seal(made, sides.claimed.binding), forged: new Set(places) };
    },
  };
}

/** Each day's weather is the next day's. */
function otherRows(csv: Uint8Array): Uint8Array {
  const [header = '', ...lines] = new TextDecoder().decode(csv).trim().split('\n');
  const last = (line: string): string => line.slice(line.lastIndexOf(','));
  return new TextEncoder().encode([header, ...lines.map((line, row) => line.slice(0, line.lastIndexOf(',')) + last(lines[(row + 1) % lines.length] ?? line))].join('\n'));
}

async function follow(side: Side, steps: number): Promise<Made[]> {
  const states = [await side.start()];
  for (let step = 0; step < steps; step += 1) states.push(await side.step(states[step] ?? (await side.start())));
  return states;
}

/** Forged steps, never the first or the last: those are always looked at. */
function scattered(count: number, steps: number, { uniform }: RandomNumbers): number[] {
  const places = Array.from({ length: steps - 2 }, (_, index) => index + 1);
  for (let index = 0; index < count; index += 1) {
    const other = index + Math.floor(uniform() * (places.length - index));
    [places[index], places[other]] = [places[other] ?? 0, places[index] ?? 0];
  }
  return places.slice(0, count).sort((a, b) => a - b);
}

function block(count: number, steps: number, { uniform }: RandomNumbers): number[] {
  const first = 1 + Math.floor(uniform() * (steps - 1 - count));
  return Array.from({ length: count }, (_, index) => first + index);
}

/** All states: forged where the cheat forges, and otherwise really trained from the state before. */
async function makeStates({ cheat, sides, honest, stolen, places }: { cheat: Cheat | null; sides: Record<'claimed' | 'seed' | 'data', Side>; honest: Made[]; stolen: Made; places: number[] }): Promise<Made[]> {
  const forged = new Map(places.map((place, index) => [place, index + 1]));
  const end = cheat === 'stolen model' ? stolen : honest[(places.at(-1) ?? 0) + 1];
  const before = honest[places[0] ?? 0];
  const states = [await sides.claimed.start()];
  for (let step = 0; step < honest.length - 1; step += 1) {
    const [now, like] = [states[step], honest[step + 1]];
    const done = forged.get(step);
    if (now === undefined || like === undefined || end === undefined || before === undefined) throw new Error(`There is no state ${step}.`);
    if (done === undefined) states.push(await sides.claimed.step(now));
    else if (cheat === 'other seed') states.push(await sides.seed.step(now));
    else if (cheat === 'other data') states.push(await sides.data.step(now));
    else states.push(withParameters(like, cheat === 'skipped steps' ? now : between(before, end, done / places.length)));
  }
  return states;
}

/** Counters as they should be, parameters as they suit. */
function withParameters(counters: Made, parameters: Made): Made {
  const kept = parameters.kept.slice();
  kept.set(counters.kept.subarray(0, COUNTERS));
  return { kept, loss: counters.loss };
}

function between(a: Made, b: Made, share: number): Made {
  const kept = a.kept.slice();
  const [from, to, out] = [a.kept, b.kept, kept].map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (from === undefined || to === undefined || out === undefined) throw new TypeError('Three views were made');
  for (let at = COUNTERS; at < kept.length; at += 4) out.setFloat32(at, from.getFloat32(at, true) * (1 - share) + to.getFloat32(at, true) * share, true);
  return { kept, loss: a.loss };
}

function seal(made: Made[], binding: Uint8Array): { states: Uint8Array[]; digests: Digest[] } {
  const states: Uint8Array[] = [];
  const digests: Digest[] = [];
  for (const [step, { kept, loss }] of made.entries()) {
    const { state, digest } = writeCheckpoint({ binding, step, loss, ratings: [], kept, previous: digests[step - 1] });
    states.push(state);
    digests.push(digest);
  }
  return { states, digests };
}
