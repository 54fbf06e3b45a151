import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const floors: Record<string, number> = { protocol: 0, sealing: 1, storage: 1, engine: 1, sdk: 2, node: 3, cli: 3, web: 3 };
/** `cli node up` starts the node, `cli net` a network of them, `cli deploy` deploys `cli models check` tests as it does, `cli datasets profile` and publishing look into files as it does, `cli datasets sql` and `cli serve` ask them, and `cli db`, `cli index` and `cli storage` look after its database and blocks: the only imports between two apps. */
const exceptions = new Set(['apps/cli/src/commands/node.ts -> node', 'apps/cli/src/commands/net.ts -> node', 'apps/cli/src/commands/deploy.ts -> node', 'apps/cli/src/commands/modelCheck.ts -> node', 'apps/cli/src/commands/profile.ts -> node', 'apps/cli/src/commands/queries.ts -> node', 'apps/cli/src/profileLocal.ts -> node', 'apps/cli/src/commands/database.ts -> node', 'apps/cli/src/commands/rebuild.ts -> node', 'apps/cli/src/commands/storage.ts -> node']);
/** Rooms of the node, by height: a room imports lower ones only. */
const rooms: Record<string, number> = { common: 0, db: 1, chain: 1, duty: 2, modelCheck: 2, jobs: 2, audit: 2, content: 2, tableCheck: 3, accounts: 3, notifications: 3, trust: 3, discovery: 3, pinning: 3, profile: 4, query: 5, indexer: 4, api: 4, worker: 4, validator: 4, seed: 4 };

const files = globSync(['packages/*/{src,reference}/**/*.{ts,tsx}', 'apps/*/src/**/*.{ts,tsx}'], { cwd: root }).filter((file) => !file.includes('/generated/'));

function importsOf(file: string): string[] {
  const source = readFileSync(path.join(root, file), 'utf8');
  return [...source.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1]!);
}

const packageOf = (file: string): string => file.split('/')[1]!;

test('a package imports lower floors only', () => {
  const wrong: string[] = [];
  for (const file of files) {
    for (const target of importsOf(file)) {
      const name = /^@neurodata\/([a-z]+)/.exec(target)?.[1];
      if (!name || name === packageOf(file)) continue;
      if (floors[name]! >= floors[packageOf(file)]! && !exceptions.has(`${file} -> ${name}`)) wrong.push(`${file} -> ${name}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('inside the node, roles never import each other and rooms look down only', () => {
  const wrong: string[] = [];
  for (const file of files.filter((name) => name.startsWith('apps/node/src/') && !name.endsWith('.test.ts'))) {
    const room = file.split('/')[3]!;
    if (!(room in rooms)) continue;
    for (const target of importsOf(file).filter((name) => name.startsWith('../'))) {
      const other = path.join(path.dirname(file), target).split('/')[3]!;
      if (other !== room && (rooms[other] ?? Infinity) >= rooms[room]!) wrong.push(`${file} -> ${other}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('there is no import cycle', () => {
  const graph = new Map(files.map((file) => [file, importsOf(file).filter((target) => target.startsWith('.')).map((target) => path.join(path.dirname(file), target))]));
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (file: string, trail: string[]): void => {
    if (state.get(file) === 'done' || !graph.has(file)) return;
    if (state.get(file) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
      return;
    }
    state.set(file, 'open');
    for (const next of graph.get(file)!) visit(next, [...trail, file]);
    state.set(file, 'done');
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

test('only config reads the environment of the node', () => {
  const readers = files.filter((file) => file.startsWith('apps/node/src/') && !file.includes('.test.') && readFileSync(path.join(root, file), 'utf8').includes('process.env'));
  // Looking a program up on PATH is not a setting, nor is what test files share.
  expect(readers.filter((file) => !['apps/node/src/chain/resolveAnvil.ts', 'apps/node/src/common/testing/sharedFolder.ts'].includes(file))).toEqual(['apps/node/src/config.ts']);
});
