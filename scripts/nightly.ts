/**
 * What takes too long for every change: `npm run nightly`. Each property of the contracts with 10,000 random inputs, random
 * walks that are longer and ten times as many, and 20,000 walks of each reference model from a seed of today.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const today = Math.floor(Date.now() / 86_400_000);

const steps: readonly (readonly [command: string, args: readonly string[], env: Record<string, string>])[] = [
  ['forge', ['test'], { FOUNDRY_PROFILE: 'nightly' }],
  [process.execPath, ['bench/main.ts', 'model', '--sequences', '20000', '--seed', String(today)], {}],
];

for (const [command, args, env] of steps) {
  console.log(`\n== ${[path.basename(command), ...args].join(' ')}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 1);
}
