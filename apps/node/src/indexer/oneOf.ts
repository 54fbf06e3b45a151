import { NeuroError } from '@neurodata/protocol';

/** The word for a Solidity enum's number. */
export function oneOf<const W extends readonly string[]>(words: W, index: number): W[number] {
  const word = words[index];
  if (word === undefined) throw new NeuroError(`The chain says ${index} where only ${words.join(', ')} are known.`, { code: 'INTERNAL', remedy: 'Update this node: the contracts are newer.' });
  return word;
}
