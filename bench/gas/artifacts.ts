import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Abi, Hex } from 'viem';

export type Artifact = { abi: Abi; bytecode: Hex };

/**
 * Reads a compiled contract out of an installed npm package (Hardhat's artifact format). `file` is relative to the
 * package's folder.
 *
 * @throws Error when the package is not installed, with what to run.
 */
export function readArtifact(packageName: string, file: string): Artifact {
  const require = createRequire(import.meta.url);
  try {
    const folder = path.dirname(require.resolve(`${packageName}/package.json`));
    return JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Artifact;
  } catch (cause) {
    throw new Error(`Cannot read ${file} of ${packageName}. Run \`npm ci\` (with development dependencies).`, { cause });
  }
}
