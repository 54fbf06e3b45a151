import { beforeAll, expect, test } from 'vitest';
import { compileExample } from '../../../examples/custom-algorithm/build.ts';
import { EngineError, type TrainSpecInput, predict, readModel, replayStep, train } from '../src/index.ts';
import { rewriteModule } from '../src/custom/rewriteModule.ts';
import { penguinsCsv, penguinsSpec } from './datasets.ts';

let module: string;
let spec: TrainSpecInput;

beforeAll(async () => {
  module = Buffer.from(await compileExample()).toString('base64');
  spec = { ...penguinsSpec, algorithm: 'custom', parameters: { module, settings: '{"rate":0.5}', max_steps: 200 }, limits: { maxSteps: 1_000, maxBytes: 1 << 28 } };
});

async function refusalOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'accepted', (error: unknown) => {
    if (!(error instanceof EngineError)) throw error;
    return `${error.code}: ${error.message.replace(/: see .*/, '')}`;
  });
}

test('the example learns, and every step can be replayed', async () => {
  const csv = penguinsCsv();
  const result = await train({ csv, spec });
  expect(result.steps).toBe(200);
  expect(result.metrics.scores['accuracy']).toBeGreaterThan(0.95);
  expect(result.lossCurve.toSorted((a, b) => b - a)).toEqual(result.lossCurve);
  expect(await train({ csv, spec })).toEqual(result);
  for (const at of [0, 1, 137]) {
    const { state = new Uint8Array() } = result.checkpoints[at] ?? {};
    expect(await replayStep({ csv, spec, states: [state] })).toEqual(result.checkpoints[at + 1]);
  }
});

test('its model carries the module, and predicts what the metrics counted', async () => {
  const csv = penguinsCsv();
  const { model, metrics } = await train({ csv, spec });
  expect(readModel(model).parameters['module']).toBe(module);
  const { labels } = await predict({ model, csv });
  const actual = new TextDecoder().decode(csv).trim().split('\n').slice(1).map((line) => line.split(',')[0]);
  expect(labels.filter((label, row) => label === actual[row]).length / labels.length).toBeCloseTo(metrics.scores['accuracy'] ?? 0, 1);
});

test('it ends by itself when it says so', async () => {
  const { converged, steps } = await train({ csv: penguinsCsv(), spec: { ...spec, parameters: { module, settings: '{"rate":0.0000001}' } } });
  expect([converged, steps]).toEqual([true, 1]);
});

test('what goes wrong is said', async () => {
  const csv = penguinsCsv();
  const withParameters = (parameters: Record<string, string | number>): Promise<string> => refusalOf(train({ csv, spec: { ...spec, parameters: { module, ...parameters } } }));
  expect([
    await withParameters({ module: '' }),
    await withParameters({ module: 'no base64' }),
    await withParameters({ fuel_per_step: 1_000 }),
    await withParameters({ memory_bytes: 65_536 }),
    await withParameters({ settings: '{"rate":0}' }),
    await refusalOf(train({ csv, spec: { ...spec, task: 'regression', target: 'Body Mass (g)', features: penguinsSpec.features.slice(0, 3) } })),
    await withParameters({ module: 'AGFzbQEAAAA=' }),
  ]).toMatchInlineSnapshot(`
    [
      "BAD_MODULE: The module does not begin as WebAssembly does",
      "BAD_SPEC: spec.parameters.module is "no base64": it must be at most 131072 bytes as base64.",
      "MODULE_FAILED: The module's start used up its fuel of 1000: split its work into more steps, or raise spec.parameters.fuel_per_step.",
      "accepted",
      "MODULE_FAILED: The module refuses this problem with the code 2: its author says what that means.",
      "MODULE_FAILED: The module refuses this problem with the code 1: its author says what that means.",
      "BAD_MODULE: The module has not one memory of its own",
    ]
  `);
});

test('a model that the module does not read is refused', async () => {
  const { model } = await train({ csv: penguinsCsv(), spec });
  expect(() => readModel(model.subarray(0, -8))).toThrow(expect.objectContaining({ code: 'BAD_MODEL' }));
});

test('the example is rewritten to the same bytes', () => {
  const bytes = Uint8Array.from(Buffer.from(module, 'base64'));
  expect(rewriteModule(bytes)).toEqual(rewriteModule(bytes));
});
