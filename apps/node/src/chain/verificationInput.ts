import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';

/** solc's standard JSON, as explorers take it to verify a contract's source. */
export type StandardJson = {
  language: 'Solidity';
  sources: Record<string, { content: string }>;
  settings: {
    remappings: string[];
    optimizer: { enabled: true; runs: number };
    evmVersion: string;
    viaIR?: true;
    metadata: { bytecodeHash: 'none'; appendCBOR: false };
    outputSelection: Record<string, Record<string, string[]>>;
  };
};

/** The repository: sources, foundry.toml and node_modules lie there. */
export const repositoryRoot = path.resolve(import.meta.dirname, '../../../..');
const remapping = { prefix: '@openzeppelin/', folder: 'node_modules/@openzeppelin/' };
const importPattern = /^\s*import\s[^;]*?["']([^"']+)["']/gm;

/** Where a contract's source lies, from the repository's root. Contracts that we use as they are come from OpenZeppelin. */
export function sourceOf(contract: string): string {
  return contract === 'TimelockController' ? `${remapping.folder}contracts/governance/TimelockController.sol` : `contracts/src/${contract}.sol`;
}

function resolveImport(importer: string, target: string): string {
  if (target.startsWith(remapping.prefix)) return remapping.folder + target.slice(remapping.prefix.length);
  return path.posix.join(path.posix.dirname(importer), target);
}

async function collectSources(start: string): Promise<Record<string, { content: string }>> {
  const sources: Record<string, { content: string }> = {};
  const waiting = [start];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (file in sources) continue;
    const content = await readFile(path.join(repositoryRoot, file), 'utf8');
    sources[file] = { content };
    for (const [, target = ''] of content.matchAll(importPattern)) waiting.push(resolveImport(file, target));
  }
  return Object.fromEntries(Object.entries(sources).toSorted(([a], [b]) => a.localeCompare(b)));
}

/** A setting of the profile that is deployed, which takes from the default one what it does not say. */
function settingOf(toml: string, name: string): string | undefined {
  const sections = toml.split(/^(?=\[)/m);
  const read = (header: string): string | undefined => new RegExp(`^${name} = "?([^"\\n]+)"?$`, 'm').exec(sections.find((section) => section.startsWith(header)) ?? '')?.[1];
  return read('[profile.release]') ?? read('[profile.default]');
}

function neededSetting(toml: string, name: string): string {
  const value = settingOf(toml, name);
  if (value === undefined) throw new NeuroError(`foundry.toml does not say ${name}.`, { code: 'INTERNAL', remedy: 'Restore it.' });
  return value;
}

/**
 * The compiler's input for one contract: its source with everything that it imports, and the settings of foundry.toml.
 * Compiled by the same solc it gives the bytecode that is deployed. Throws INTERNAL where the sources are not there.
 */
export async function makeVerificationInput(contract: string): Promise<StandardJson> {
  try {
    const [sources, toml] = await Promise.all([collectSources(sourceOf(contract)), readFile(path.join(repositoryRoot, 'foundry.toml'), 'utf8')]);
    return {
      language: 'Solidity', sources,
      settings: {
        remappings: [`${remapping.prefix}=${remapping.folder}`],
        optimizer: { enabled: true, runs: Number(neededSetting(toml, 'optimizer_runs')) },
        evmVersion: neededSetting(toml, 'evm_version'),
        ...(settingOf(toml, 'via_ir') === 'true' ? { viaIR: true as const } : {}),
        metadata: { bytecodeHash: 'none', appendCBOR: false },
        outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
      },
    };
  } catch (cause) {
    if (cause instanceof NeuroError) throw cause;
    throw new NeuroError(`The source of ${contract} cannot be read: ${String(cause)}`, { code: 'INTERNAL', remedy: 'Run it from a clone with its dependencies installed.', cause });
  }
}

/** The compiler's full version, as explorers name it, e.g. `v0.8.37+commit.0123abcd`. Throws INTERNAL where it does not run. */
export function readCompilerVersion(): string {
  const { stdout, error } = spawnSync(process.execPath, [path.join(repositoryRoot, 'tools/solc/solc'), '--version'], { encoding: 'utf8' });
  const version = /Version: (\d+\.\d+\.\d+\+commit\.[0-9a-f]+)/.exec(stdout ?? '')?.[1];
  if (version === undefined) throw new NeuroError('The Solidity compiler does not run.', { code: 'INTERNAL', remedy: 'Install the dependencies of the repository.', cause: error });
  return `v${version}`;
}
