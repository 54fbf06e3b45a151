import { badModule } from '../../custom/byteReader.ts';
import { fuelExport, rewriteModule, stackExport, startExport } from '../../custom/rewriteModule.ts';
import { EngineError } from '../../errors.ts';

// What a module exports: see "Bring your own algorithm" in docs/engine.md.
const FUNCTIONS = ['allocate', 'start', 'step', 'loss', 'statePointer', 'stateSize', 'restore', 'modelPointer', 'modelSize', 'load', 'outputs', 'predict'] as const;
export type CustomFunction = (typeof FUNCTIONS)[number];

const PAGE = 65_536;

/** A stranger's module, rewritten and ready; every call gets the same fuel. */
export type CustomInstance = {
  /** @throws EngineError MODULE_FAILED where it traps, out of fuel or otherwise */
  call(name: CustomFunction, ...args: number[]): number;
  /** Writes bytes into fresh memory of the module, 8-byte aligned. */
  put(bytes: Uint8Array): number;
  /** Writes bytes to where some were put. */
  write(pointer: number, bytes: Uint8Array): void;
  /** A copy of the module's memory. */
  get(pointer: number, bytes: number): Uint8Array;
};

/** @throws EngineError BAD_MODULE, TOO_LARGE */
export function createCustomInstance(parameters: { module: Uint8Array; fuel: number; memoryBytes: number }): CustomInstance {
  const { fuel, memoryBytes } = parameters;
  const exports = instantiate(parameters.module);
  const memory = exports['memory'];
  if (!(memory instanceof WebAssembly.Memory)) throw badModule('exports no memory');
  growTo(memory, memoryBytes);
  const counter = exports[fuelExport] as WebAssembly.Global;
  const stack = exports[stackExport] as WebAssembly.Global;
  const invoke = (name: string, args: number[]): number => {
    const callable = exports[name];
    if (typeof callable !== 'function') throw badModule(`exports no function ${name}`);
    counter.value = BigInt(fuel);
    stack.value = 0;
    try {
      return Number((callable as (...values: number[]) => number | undefined)(...args) ?? 0);
    } catch (cause) {
      const spent = (counter.value as bigint) < 0n;
      throw new EngineError('MODULE_FAILED', `The module's ${name} ${spent ? `used up its fuel of ${fuel}: split its work into more steps, or raise spec.parameters.fuel_per_step` : `trapped: ${cause instanceof Error ? cause.message : String(cause)}`}.`, { cause });
    }
  };
  for (const name of FUNCTIONS) if (typeof exports[name] !== 'function') throw badModule(`exports no function ${name}`);
  if (exports[startExport] !== undefined) invoke(startExport, []);
  const view = (pointer: number, bytes: number): Uint8Array => {
    const at = pointer >>> 0;
    if (!Number.isInteger(bytes) || bytes < 0 || at + bytes > memory.buffer.byteLength) throw new EngineError('MODULE_FAILED', `The module points at bytes ${at} to ${at + bytes} of a memory of ${memory.buffer.byteLength}.`);
    return new Uint8Array(memory.buffer, at, bytes);
  };
  return {
    call: (name, ...args) => invoke(name, args),
    put: (bytes) => {
      const pointer = invoke('allocate', [bytes.length]) >>> 0;
      if (pointer === 0 || pointer % 8 !== 0) throw new EngineError('MODULE_FAILED', `The module's allocate gives ${pointer} for ${bytes.length} bytes: raise spec.parameters.memory_bytes, or hand out multiples of 8.`);
      view(pointer, bytes.length).set(bytes);
      return pointer;
    },
    write: (pointer, bytes) => view(pointer, bytes.length).set(bytes),
    get: (pointer, bytes) => view(pointer, bytes).slice(),
  };
}

function instantiate(module: Uint8Array): WebAssembly.Exports {
  const rewritten = rewriteModule(module);
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(rewritten)).exports;
  } catch (cause) {
    throw badModule(`cannot be started: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** All the memory that the module will have, from the start. */
function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil(bytes / PAGE) - memory.buffer.byteLength / PAGE;
  if (missing < 0) throw new EngineError('TOO_LARGE', `The module begins with ${memory.buffer.byteLength} bytes of memory, spec.parameters.memory_bytes is ${bytes}: raise it.`);
  try {
    memory.grow(missing);
  } catch (cause) {
    throw new EngineError('TOO_LARGE', `The module's memory cannot grow to ${bytes} bytes: lower spec.parameters.memory_bytes, or declare no maximum below it.`, { cause });
  }
}
