import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const home = dirname(fileURLToPath(import.meta.url));

/** Compiles `assembly/` to WebAssembly in memory. The same sources and compiler give the same bytes. */
export async function compileAead(): Promise<Uint8Array> {
  let module: Uint8Array | undefined;
  const { error, stderr } = await main(
    ['index.ts', '--outFile', 'aead.wasm', '--runtime', 'stub', '--enable', 'simd', '--initialMemory', '2', '--maximumMemory', '2', '-O3', '--converge', '--noAssert'],
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
  if (error !== null || module === undefined) throw new Error(`The cipher does not compile: ${stderr.toString()}`);
  return module;
}

/** The source text of `src/generated/aeadModule.ts` for a compiled module. */
export function moduleSource(module: Uint8Array): string {
  const lines = Buffer.from(module).toString('base64').match(/.{1,120}/g) ?? [];
  return [
    '// Made by packages/sealing/build.ts from packages/sealing/assembly. Do not edit: run the build again.',
    '',
    '/** The WebAssembly module of ChaCha20-Poly1305, base64 (RFC 4648). */',
    'export const aeadModule =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const module = await compileAead();
  mkdirSync(join(home, 'src/generated'), { recursive: true });
  writeFileSync(join(home, 'src/generated/aeadModule.ts'), moduleSource(module));
  process.stdout.write(`cipher, ${module.length} bytes\n`);
}
