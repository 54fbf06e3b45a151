import { type TrainSpecInput, engineId, train } from '@neurodata/engine';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from '../packages/engine/test/datasets.ts';

const ROWS = 200_000;
const COLUMNS = 30;

/** A table with two noisy classes, from a linear congruential generator. */
function syntheticCsv(): Uint8Array {
  let seed = 1;
  const next = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31 - 0.5;
  };
  const lines = [['y', ...Array.from({ length: COLUMNS }, (_, index) => `f${index}`)].join(',')];
  for (let row = 0; row < ROWS; row += 1) {
    const values = Array.from({ length: COLUMNS }, next);
    const margin = values.reduce((sum, value, index) => sum + value * ((index % 5) - 2), next());
    lines.push([margin > 0 ? 'yes' : 'no', ...values.map((value) => value.toFixed(6))].join(','));
  }
  return new TextEncoder().encode(lines.join('\n'));
}

async function measure(name: string, csv: Uint8Array, spec: TrainSpecInput): Promise<void> {
  const marks = [performance.now()];
  const { modelDigest, steps, metrics } = await train({ csv, spec, onProgress: () => marks.push(performance.now()) });
  const [start = 0, prepared = 0] = marks;
  const end = marks.at(-1) ?? 0;
  process.stdout.write(
    `${name}: ${(csv.length / 1e6).toFixed(2)} MB prepared in ${(prepared - start).toFixed(0)} ms, ${steps} steps of ${((end - prepared) / steps).toFixed(1)} ms, accuracy ${metrics.scores['accuracy']}, model ${modelDigest}\n`,
  );
}

/** Prints what training costs: `npm run bench -- engine`. */
export async function run(): Promise<void> {
  process.stdout.write(`Node ${process.version}, engine ${engineId}\n`);
  await measure('penguins', penguinsCsv(), penguinsSpec);
  await measure('seattle-weather', weatherCsv(), weatherSpec);
  const features = Array.from({ length: COLUMNS }, (_, index) => ({ name: `f${index}`, kind: 'numeric' as const }));
  await measure(`synthetic ${ROWS} x ${COLUMNS}`, syntheticCsv(), {
    ...penguinsSpec, target: 'y', features,
    parameters: { C: 1, max_iter: 50, tol: 1e-6 },
    limits: { maxSteps: 50, maxBytes: 2 ** 30 },
  });
}
