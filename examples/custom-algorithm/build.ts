import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { main } from 'assemblyscript/asc';

const folder = path.join(import.meta.dirname, 'assembly');

/** Compiles the example: no runtime, no bulk memory, nothing imported. */
export async function compileExample(): Promise<Uint8Array> {
  let module: Uint8Array | undefined;
  const { error, stderr } = await main(['index.ts', '--outFile', 'algorithm.wasm', '--runtime', 'stub', '--disable', 'bulk-memory', '-O3', '--noAssert'], {
    readFile: (name, base) => {
      try {
        return readFileSync(path.join(folder, base === '.' ? '' : base, name), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm') && typeof contents !== 'string') module = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || module === undefined) throw new Error(`The example does not compile: ${stderr.toString()}`);
  return module;
}

if (process.argv[1] === import.meta.filename) {
  const module = await compileExample();
  writeFileSync(path.join(import.meta.dirname, 'algorithm.wasm'), module);
  console.log(`algorithm.wasm, ${module.length} bytes`);
}
