import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const home = dirname(fileURLToPath(import.meta.url));

/** Compiles `assembly/` to WebAssembly in memory. The same sources and compiler give the same bytes. */
export async function compileEngine(): Promise<Uint8Array> {
  let module: Uint8Array | undefined;
  const { error, stderr } = await main(
    ['index.ts', '--outFile', 'engine.wasm', '--runtime', 'stub', '--enable', 'simd', '-O3', '--converge', '--noAssert'],
    {
      readFile: (name, base) => {
        try {
          return readFileSync(join(home, 'assembly', base === '.' ? '' : base, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm') && typeof contents !== 'string') module = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || module === undefined) throw new Error(`The engine does not compile: ${stderr.toString()}`);
  return module;
}

/** The source text of `src/generated/engineModule.ts` for a compiled module. */
export function moduleSource(module: Uint8Array): string {
  const lines = Buffer.from(module).toString('base64').match(/.{1,120}/g) ?? [];
  return [
    '// Made by packages/engine/build.ts from packages/engine/assembly. Do not edit: run the build again.',
    '',
    '/** The WebAssembly module of the engine, base64 (RFC 4648). */',
    'export const engineModule =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}

async function build(): Promise<void> {
  const module = await compileEngine();
  mkdirSync(join(home, 'src/generated'), { recursive: true });
  writeFileSync(join(home, 'src/generated/engineModule.ts'), moduleSource(module));
  // Loaded only now: it reads the module that was just written.
  const { engineVectors } = await import('./test/engineVectors.ts');
  const vectors = await engineVectors();
  writeFileSync(join(home, '../../vectors/engine.json'), `${JSON.stringify(vectors, null, 2)}\n`);
  process.stdout.write(`engine ${vectors.engineId}, ${module.length} bytes\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
