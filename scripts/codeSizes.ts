/** Most bytes of code that a chain takes ([EIP-170](https://eips.ethereum.org/EIPS/eip-170)). */
export const codeLimit = 24_576;
/** Above this many bytes the next feature will not fit. */
const codeWarning = 24_000;

/**
 * Holds contracts' code sizes in bytes against EIP-170. Returns a sentence for each that comes near the limit; throws one error
 * that names each that is above it.
 */
export function checkCodeSizes(sizes: Readonly<Record<string, number>>): string[] {
  const describe = ([contract, size]: [string, number]): string => `${contract} has ${size.toLocaleString('en-US')} bytes of code`;
  const tooLarge = Object.entries(sizes).filter(([, size]) => size > codeLimit);
  if (tooLarge.length > 0) throw new Error(`${tooLarge.map(describe).join(', ')}: no chain takes more than ${codeLimit.toLocaleString('en-US')}. Move a part into a contract or library of its own.`);
  return Object.entries(sizes).filter(([, size]) => size > codeWarning).map((entry) => `${describe(entry)}: ${(codeLimit - entry[1]).toLocaleString('en-US')} below the limit.`);
}
