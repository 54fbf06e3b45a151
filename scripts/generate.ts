/** Makes everything under `generated/` again from its sources: `npm run generate`. */
import { spawnSync } from 'node:child_process';

for (const script of ['contracts/generate.ts', 'scripts/sequences.ts', 'packages/engine/build.ts', 'packages/sealing/build.ts']) {
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
