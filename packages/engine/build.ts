import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AssemblyModule, writeModule } from '../../scripts/assembly.ts';

export const engineModule: AssemblyModule = { home: import.meta.dirname, within: 'packages/engine', what: 'the engine', name: 'engineModule' };
/** What describes large tables. It is no part of the engine: its bytes are in no engine id. */
export const tableModule: AssemblyModule = { home: import.meta.dirname, within: 'packages/engine', folder: 'assembly/table', what: 'what describes tables', name: 'tableModule' };

async function build(): Promise<void> {
  await writeModule(tableModule);
  const module = await writeModule(engineModule);
  // Loaded only now: it reads the module that was just written.
  const { engineVectors } = await import('./test/engineVectors.ts');
  const vectors = await engineVectors();
  writeFileSync(join(import.meta.dirname, '../../vectors/engine.json'), `${JSON.stringify(vectors, null, 2)}\n`);
  process.stdout.write(`engine ${vectors.engineId}, ${module.length} bytes\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
