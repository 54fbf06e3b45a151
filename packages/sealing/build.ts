import { fileURLToPath } from 'node:url';
import { type AssemblyModule, writeModule } from '../../scripts/assembly.ts';

/** The cipher that browsers run. Its memory never grows. */
export const cipherModule: AssemblyModule = {
  home: import.meta.dirname, within: 'packages/sealing', what: 'ChaCha20-Poly1305', name: 'aeadModule', flags: ['--initialMemory', '2', '--maximumMemory', '2'],
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const module = await writeModule(cipherModule);
  process.stdout.write(`cipher, ${module.length} bytes\n`);
}
