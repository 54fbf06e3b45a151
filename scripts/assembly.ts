import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { main } from 'assemblyscript/asc';

/** A WebAssembly module kept as source text: `home`/`folder`/index.ts is compiled into the constant `name` of `home`/src/generated/`name`.ts. */
export type AssemblyModule = {
  /** Absolute folder of the package, and how its sources are called from the root of the repository. */
  home: string;
  within: string;
  /** Of its sources, "assembly" by default. */
  folder?: string;
  /** What it is, in a sentence: "the engine". */
  what: string;
  name: string;
  /** Beside those that all modules share. */
  flags?: readonly string[];
};

const shared = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--converge', '--noAssert'];

/** Compiles in memory. The same sources and compiler give the same bytes. */
export async function compileAssembly({ home, what, folder = 'assembly', flags = [] }: AssemblyModule): Promise<Uint8Array> {
  let module: Uint8Array | undefined;
  const { error, stderr } = await main(['index.ts', '--outFile', 'module.wasm', ...shared, ...flags], {
    readFile: (name, base) => {
      try {
        return readFileSync(join(home, folder, base === '.' ? '' : base, name), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm') && typeof contents !== 'string') module = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || module === undefined) throw new Error(`The sources of ${what} do not compile: ${stderr.toString()}`);
  return module;
}

/** The generated source text for a compiled module. */
export function moduleSource({ within, what, name, folder = 'assembly' }: AssemblyModule, module: Uint8Array): string {
  const lines = Buffer.from(module).toString('base64').match(/.{1,120}/g) ?? [];
  return [
    `// Made by ${within}/build.ts from ${within}/${folder}. Do not edit: run the build again.`,
    '',
    `/** The WebAssembly module of ${what}, base64 (RFC 4648). */`,
    `export const ${name} =`,
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}

/** Compiles and writes; gives the module's bytes. */
export async function writeModule(parameters: AssemblyModule): Promise<Uint8Array> {
  const module = await compileAssembly(parameters);
  const file = join(parameters.home, 'src/generated', `${parameters.name}.ts`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, moduleSource(parameters, module));
  return module;
}
