import { type Abi, type AbiParameter, bytesToHex, type Hex, keccak256, toFunctionSelector } from 'viem';
import { Refused } from './refused.ts';

/**
 * One step of a sequence: what is done, and up to three small numbers that say by whom and to what. Four bytes; the fifth
 * is the outcome.
 */
export type Step<Op extends string> = Readonly<{ op: Op; a: number; b: number; c: number }>;
/** As the contract tests read it. `sequences`: five bytes for each step, then the 32 bytes of the end's digest. */
export type SequenceFile = { madeBy: string; seed: number; errors: Hex[]; sequences: Hex[] };
export type Played<World> = { world: World; outcome: string };
/** How often each step ended how: "claim TooEarly" -> 31. */
export type Tally = Map<string, number>;

/** The walks in `vectors/`: which seed, and how many. */
export const committedWalks = { seed: 1, count: 2_000 } as const;

/** Plays one step: the next world and 'ok', or the same world and the name of the custom error. */
export function play<World>(world: World, verb: (world: World) => World): Played<World> {
  try {
    return { world: verb(world), outcome: 'ok' };
  } catch (error) {
    if (error instanceof Refused) return { world, outcome: error.reason };
    throw error;
  }
}

/** The four-byte selectors of custom errors by their names, from the ABIs; "ok" is 0, "Error" is Solidity's own. Throws where an ABI has no such error. */
export function selectorsOf(outcomes: readonly string[], abis: readonly Abi[]): Hex[] {
  return outcomes.map((name) => {
    if (name === 'ok') return '0x00000000';
    // A revert with a text.
    if (name === 'Error') return toFunctionSelector('Error(string)');
    const found = abis.flat().find((item) => item.type === 'error' && item.name === name);
    if (found?.type !== 'error') throw new RangeError(`No contract has an error ${name}.`);
    return toFunctionSelector(`${name}(${found.inputs.map((input: AbiParameter) => input.type).join(',')})`);
  });
}

/** keccak256 over 32-byte words, as Solidity's keccak256(abi.encodePacked(uint256[])). Negative ones in two's complement. */
export function digestOf(words: readonly (bigint | number | boolean)[]): Hex {
  const bytes = new Uint8Array(words.length * 32);
  words.forEach((word, i) => {
    let rest = BigInt.asUintN(256, BigInt(word));
    for (let at = 32 * i + 31; rest > 0n; at -= 1) {
      bytes[at] = Number(rest & 0xffn);
      rest >>= 8n;
    }
  });
  return keccak256(bytes);
}

/** Packs the steps with their outcomes, and the digest. */
export function packSequence(steps: readonly (readonly number[])[], digest: Hex): Hex {
  return `${bytesToHex(Uint8Array.from(steps.flat()))}${digest.slice(2)}`;
}

/** A span of seconds in the three numbers of a step. */
export function spanOf(seconds: number): Pick<Step<never>, 'a' | 'b' | 'c'> {
  return { a: seconds >> 16, b: (seconds >> 8) & 0xff, c: seconds & 0xff };
}

export function secondsOf({ a, b, c }: Pick<Step<never>, 'a' | 'b' | 'c'>): number {
  return (a << 16) | (b << 8) | c;
}
