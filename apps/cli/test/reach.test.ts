import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as protocol from '@neurodata/protocol';
import * as sdk from '@neurodata/sdk';
import type { Command } from 'commander';
import type { Abi } from 'viem';
import { expect, test } from 'vitest';
import { createProgram } from '../src/program.ts';
import { callers, reach } from './reach.ts';

/** Every contract's functions that change something, by the contract's name in a deployment. */
const functionsOf = new Map(Object.entries(protocol).flatMap(([name, value]) => {
  if (!name.endsWith('Abi') || !Array.isArray(value)) return [];
  const writable = (value as Abi).flatMap((item) => (item.type === 'function' && item.stateMutability !== 'view' && item.stateMutability !== 'pure' ? [item.name] : []));
  return [[name.slice(0, -3), [...new Set(writable)].toSorted()] as const];
}));

const remedy = [
  'Users call it: add a verb to packages/sdk/src and a command to apps/cli/src/commands, and name both under `verbs` in apps/cli/test/reach.ts.',
  `Nobody but these does: name it under \`others\` there. ${Object.entries(callers).map(([caller, who]) => `${caller}: ${who}`).join('; ')}.`,
].join('\n');

async function sourcesOf(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return (await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')))).join('\n');
}

/** The source file of the SDK that exports a name, with those that make the calls which it sends. */
async function filesExporting(verb: string): Promise<string> {
  const folder = path.join(import.meta.dirname, '../../../packages/sdk/src');
  const index = await readFile(path.join(folder, 'index.ts'), 'utf8');
  const line = index.split('\n').find((candidate) => new RegExp(`[{ ,]${verb}[ ,}]`).test(candidate));
  const file = line && /'\.\/(.*)'/.exec(line)?.[1];
  if (file === undefined) return '';
  const source = await readFile(path.join(folder, file), 'utf8');
  const calls = [...source.matchAll(/'\.\/(\w*Calls\.ts|plan\w+\.ts)'/g)].map(([, name]) => readFile(path.join(folder, name!), 'utf8'));
  return [source, ...(await Promise.all(calls))].join('\n');
}

function findCommand(program: Command, words: string): Command | undefined {
  return words.split(' ').reduce<Command | undefined>((command, word) => command?.commands.find((child) => child.name() === word), program);
}

test('every function that changes something is reached by a verb and a command, or is written down as not for users', () => {
  const missing = [...functionsOf].flatMap(([contract, names]) => {
    const { verbs = {}, others = {} } = reach[contract] ?? {};
    const known = new Set([...Object.keys(verbs), ...Object.values(others).flat()]);
    return names.filter((name) => !known.has(name)).map((name) => `${contract}.${name}`);
  });
  expect(missing, `${missing.join(', ')}: reached by nothing.\n${remedy}`).toEqual([]);
});

test('the table names no function that is not there, and none twice', () => {
  for (const [contract, { verbs, others }] of Object.entries(reach)) {
    const named = [...Object.keys(verbs), ...Object.values(others).flat()];
    expect(named.filter((name) => !functionsOf.get(contract)?.includes(name)), `${contract} has no such function: remove it from apps/cli/test/reach.ts`).toEqual([]);
    expect(named.filter((name, index) => named.indexOf(name) !== index), `${contract}: named twice in apps/cli/test/reach.ts`).toEqual([]);
  }
});

test('every verb of the table is exported, calls its function, and is used by its command', async () => {
  const program = await createProgram();
  const cli = await sourcesOf(path.join(import.meta.dirname, '../src'));
  for (const [contract, { verbs }] of Object.entries(reach)) {
    for (const [name, [verb, words]] of Object.entries(verbs)) {
      const where = `${contract}.${name} by ${verb}, \`neurodata ${words}\``;
      expect(verb in sdk, `${where}: the SDK exports no ${verb}`).toBe(true);
      const source = await filesExporting(verb);
      expect(source.includes(`'${name}'`) || (name === 'permit' && source.includes('Permit')), `${where}: the file of ${verb} does not call '${name}'`).toBe(true);
      expect(findCommand(program, words), `${where}: there is no such command`).toBeDefined();
      // Permits and approvals are made by the verbs that spend them.
      if (verb !== 'signPermit') expect(new RegExp(`\\b${verb}\\b`).test(cli), `${where}: no command uses ${verb}`).toBe(true);
    }
  }
});
