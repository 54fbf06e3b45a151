import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createDisputeSequences } from '../packages/protocol/src/model/disputeSequences.ts';
import { createOrderSequences } from '../packages/protocol/src/model/orderSequences.ts';
import { createTrialSequences } from '../packages/protocol/src/model/trialSequences.ts';

const root = path.resolve(import.meta.dirname, '..');
const folder = 'vectors/extra';
const batch = 2_000;

/** `sequences` and `steps` of each model that the contracts followed; a difference ends the run with an error. */
export type ModelFigures = { sequences: number; steps: number; refusals: number };

function forge(env: Record<string, string>): void {
  const bin = [path.join(root, 'node_modules/.bin'), path.dirname(process.execPath), process.env['PATH']].join(path.delimiter);
  const { status, stdout, error } = spawnSync('forge', ['test', '--match-contract', 'ModelTest$'], { cwd: root, encoding: 'utf8', env: { ...process.env, PATH: bin, ...env } });
  if (error) throw new Error('Cannot run forge. Run `npm ci` with optional dependencies, or install Foundry.', { cause: error });
  if (status !== 0) throw new Error(`The contracts do not do what the model says:\n${stdout.slice(-3_000)}`);
}

/**
 * Plays more walks of the reference models on the contracts than the tests do: `--sequences N` (10,000) of each model, made
 * from `--seed S` (the time). The walks of a run that fails stay in vectors/extra. The last line is JSON.
 */
export async function run(): Promise<ModelFigures> {
  const { values } = parseArgs({ args: process.argv.slice(2).filter((argument) => argument !== 'model'), options: { sequences: { type: 'string' }, seed: { type: 'string' } } });
  const count = Number(values.sequences ?? 10_000);
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) throw new Error('--sequences and --seed take whole numbers.');
  const figures = { sequences: 0, steps: 0, refusals: 0 };
  mkdirSync(path.join(root, folder), { recursive: true });
  for (let done = 0; done < count; done += batch) {
    const env: Record<string, string> = {};
    const size = Math.min(batch, count - done);
    for (const [name, variable, create] of [['order', 'NEURODATA_ORDER_SEQUENCES', createOrderSequences], ['dispute', 'NEURODATA_DISPUTE_SEQUENCES', createDisputeSequences], ['trial', 'NEURODATA_TRIAL_SEQUENCES', createTrialSequences]] as const) {
      const { file, tally } = create({ seed: seed + done, count: size });
      env[variable] = `${folder}/${name}.json`;
      writeFileSync(path.join(root, env[variable]), JSON.stringify(file));
      figures.sequences += size;
      for (const [key, times] of tally) {
        figures.steps += times;
        if (!key.endsWith(' ok')) figures.refusals += times;
      }
    }
    forge(env);
    console.log(`  seed ${seed + done}: ${size} walks of each model, as it says`);
  }
  rmSync(path.join(root, folder), { recursive: true, force: true });
  console.log(JSON.stringify(figures));
  return figures;
}

if (import.meta.main) await run();
