import type { Task } from '../algorithm.ts';

/** A layer's sizes, and where its parameters begin among all f32 parameters in the engine's memory. */
export type Layer = { inputs: number; outputs: number; /** outputs, rounded up to a multiple of 4 */ lanes: number; at: number };

/** A network as `assembly/perceptron/network.ts` is told of it. */
export type Network = {
  layers: Layer[];
  kind: 0 | 1 | 2;
  /** f32 parameters in memory, with what rounds lanes up. */
  count: number;
  /** f32 parameters of states and bodies: each layer's weights [inputs, outputs], then its biases. */
  packed: number;
  /** f32 of the weights that are also kept the other way round. */
  turned: number;
  mostLanes: number;
  /** The i32 words. */
  table: Int32Array;
};

/** Two classes have one output, more have one each; a number has one. */
export function networkOf(parameters: { width: number; hidden: readonly number[]; classes: number; task: Task }): Network {
  const { width, hidden, classes, task } = parameters;
  const kind = task === 'regression' ? 0 : classes === 2 ? 1 : 2;
  const sizes = [...hidden, kind === 2 ? classes : 1];
  const layers: Layer[] = [];
  let at = 0;
  for (const [index, outputs] of sizes.entries()) {
    const inputs = sizes[index - 1] ?? width;
    const lanes = Math.ceil(outputs / 4) * 4;
    layers.push({ inputs, outputs, lanes, at });
    at += (inputs + 1) * lanes;
  }
  return {
    layers, kind, count: at,
    packed: layers.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0),
    turned: layers.slice(1).reduce((sum, { outputs }, index) => sum + outputs * (layers[index]?.lanes ?? 0), 0),
    mostLanes: Math.max(...layers.map(({ lanes }) => lanes)),
    table: Int32Array.from([layers.length, kind, ...layers.flatMap((layer) => [layer.inputs, layer.outputs, layer.lanes, layer.at * 4])]),
  };
}

/** Bytes of a row's inputs and of all layers' outputs. */
export function valueBytes({ layers }: Network): number {
  return layers.reduce((sum, { lanes }) => sum + lanes, layers[0]?.inputs ?? 0) * 4;
}

/**
 * Parameters as states and bodies hold them: little-endian f32 without what rounds lanes up. `words`: the engine's memory,
 * which is little-endian whatever the host is; words go from it as they are.
 */
export function pack({ layers }: Network, words: Int32Array, into: Int32Array, start = 0): void {
  let to = start;
  for (const { inputs, outputs, lanes, at } of layers) {
    const rows = inputs + 1;
    if (outputs === lanes) into.set(words.subarray(at, at + rows * lanes), to);
    else for (let row = 0; row < rows; row += 1) for (let column = 0; column < outputs; column += 1) into[to + row * outputs + column] = words[at + row * lanes + column] as number;
    to += rows * outputs;
  }
}

/** The other way round; undefined where a value is not finite. */
export function unpack({ layers, count }: Network, bytes: Uint8Array): Float32Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(count);
  let from = 0;
  for (const { inputs, outputs, lanes, at } of layers) {
    for (let row = 0; row <= inputs; row += 1) {
      for (let column = 0; column < outputs; column += 1, from += 4) {
        const value = view.getFloat32(from, true);
        if (!Number.isFinite(value)) return undefined;
        values[at + row * lanes + column] = value;
      }
    }
  }
  return values;
}
