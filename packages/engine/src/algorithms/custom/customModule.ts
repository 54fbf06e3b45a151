import { rewriteModule } from '../../custom/rewriteModule.ts';
import { EngineError } from '../../errors.ts';
import { badModel } from '../../model/body.ts';
import { badCheckpoint } from '../../run/checkpoint.ts';
import { type ParameterValues, bytesOf, numberOf, textOf } from '../../spec/parameters.ts';
import type { Algorithm, ModelShape, Predictor, Start, Trainer } from '../algorithm.ts';
import { type CustomInstance, createCustomInstance } from './instance.ts';

const ROWS_A_CALL = 64;
const TASKS: readonly string[] = ['classification', 'regression'];

/** An algorithm that comes with the spec, as a WebAssembly module of anybody's. */
export const customModule: Algorithm = {
  name: 'custom',
  title: 'Your own algorithm',
  about: 'A WebAssembly module that you bring. It runs alike everywhere and is verified like the built-in ones; a model may hold whatever it keeps of the rows, so publishers must allow it.',
  tasks: ['classification', 'regression'],
  parameters: [
    { name: 'module', kind: 'bytes', title: 'Module', help: 'The WebAssembly module. It exports what docs/engine.md lists, and imports nothing.', default: '', longest: 131_072 },
    { name: 'settings', kind: 'text', title: 'Settings', help: 'A text that the module gets as it is, usually JSON.', default: '{}', longest: 10_000 },
    { name: 'max_steps', kind: 'integer', title: 'Most steps', help: 'Calls of the module\'s `step` at most.', default: 1_000, least: 1, most: 100_000 },
    { name: 'fuel_per_step', kind: 'integer', title: 'Fuel for a call', help: 'Instructions that one call may take, about; a call that takes more ends the run.', default: 10_000_000, least: 1_000, most: 100_000_000 },
    { name: 'memory_bytes', kind: 'integer', title: 'Memory', help: 'Bytes of memory that the module has.', default: 67_108_864, least: 65_536, most: 1_073_741_824 },
  ],
  preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' },
  takesMissing: true,
  takesWeights: false,
  copiesRows: true,
  checkpoints: 'whole',
  check: (values) => {
    rewriteModule(bytesOf(values, 'module'));
  },
  memory: ({ parameters }) => numberOf(parameters, 'memory_bytes') + 65_536,
  maxSteps: (values) => numberOf(values, 'max_steps'),
  start: async ({ problem }, states) => trainerOf(problem, states?.at(-1)),
  predictionWork: (_, { parameters }) => Math.ceil(numberOf(parameters, 'fuel_per_step') / ROWS_A_CALL),
  read: readCustom,
};

function open(parameters: ParameterValues): CustomInstance {
  return createCustomInstance({ module: bytesOf(parameters, 'module'), fuel: numberOf(parameters, 'fuel_per_step'), memoryBytes: numberOf(parameters, 'memory_bytes') });
}

function trainerOf(problem: Start['problem'], kept: Uint8Array | undefined): Trainer {
  const { parameters, trainRows, width, classes, spec } = problem;
  const instance = open(parameters);
  const settings = new TextEncoder().encode(textOf(parameters, 'settings'));
  const design = instance.put(toBytes(problem.encode(0, trainRows)));
  const targets = instance.put(toBytes(problem.targets.subarray(0, trainRows)));
  const refusal = instance.call('start', design, trainRows, width, targets, classes.length, TASKS.indexOf(spec.task), instance.put(settings), settings.length);
  if (refusal !== 0) throw new EngineError('MODULE_FAILED', `The module refuses this problem with the code ${refusal}: its author says what that means.`);
  let step = 0;
  let done = false;
  if (kept !== undefined) {
    if (kept.length < 5) throw badCheckpoint('is too short');
    step = new DataView(kept.buffer, kept.byteOffset).getUint32(0, true);
    done = kept[4] === 1;
    const state = kept.subarray(5);
    if (instance.call('restore', instance.put(state), state.length) !== 0) throw badCheckpoint('is refused by the module');
  }
  let loss = finite(instance.call('loss'));
  return {
    get step() {
      return step;
    },
    get loss() {
      return loss;
    },
    get converged() {
      return done;
    },
    advance: async () => {
      done = instance.call('step') === 0;
      step += 1;
      loss = finite(instance.call('loss'));
      return true;
    },
    state: () => {
      const size = instance.call('stateSize');
      const state = instance.get(instance.call('statePointer'), size);
      const bytes = new Uint8Array(5 + state.length);
      new DataView(bytes.buffer).setUint32(0, step, true);
      bytes[4] = done ? 1 : 0;
      bytes.set(state, 5);
      return bytes;
    },
    body: () => {
      const size = instance.call('modelSize');
      return instance.get(instance.call('modelPointer'), size);
    },
  };
}

/** Body: what the module calls its model. The module itself is among the parameters in the model's header. */
function readCustom(body: Uint8Array, { parameters, width, classes, task }: ModelShape): Predictor {
  const instance = open(parameters);
  if (instance.call('load', instance.put(body), body.length) !== 0) throw badModel('is refused by its own module');
  const outputs = instance.call('outputs');
  const wanted = task === 'classification' ? classes.length : 1;
  if (outputs !== wanted) throw badModel(`has ${outputs} outputs, ${wanted} are needed`);
  const design = instance.put(new Uint8Array(ROWS_A_CALL * width * 8));
  const out = instance.put(new Uint8Array(ROWS_A_CALL * outputs * 8));
  return {
    outputs,
    predict: (rows, count) => {
      const all = new Float64Array(count * outputs);
      for (let first = 0; first < count; first += ROWS_A_CALL) {
        const taken = Math.min(ROWS_A_CALL, count - first);
        instance.write(design, toBytes(rows.subarray(first * width, (first + taken) * width)));
        if (instance.call('predict', design, taken, out) !== 0) throw new EngineError('NOT_FINITE', `The module cannot predict rows ${first + 1} to ${first + taken}.`);
        all.set(fromBytes(instance.get(out, taken * outputs * 8)), first * outputs);
      }
      return checkOutputs(all, task);
    },
  };
}

function checkOutputs(values: Float64Array, task: ModelShape['task']): Float64Array {
  const fits = task === 'classification' ? (value: number): boolean => value >= 0 && value <= 1 : Number.isFinite;
  if (values.every(fits)) return values;
  throw new EngineError('NOT_FINITE', `The module predicts something that is not ${task === 'classification' ? 'a probability from 0 to 1' : 'a finite number'}.`);
}

function finite(loss: number): number {
  if (Number.isFinite(loss)) return loss + 0;
  throw new EngineError('NOT_FINITE', 'The loss that the module tells is not finite.');
}

function toBytes(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function fromBytes(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
}
