import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A running Python with scikit-learn. Data stays in its memory between fits. */
export type SklearnSide = {
  version: string;
  load(data: { design: Float64Array; target: Float64Array | null; width: number; trainRows: number; classification: boolean }): Promise<void>;
  /** Milliseconds of a fit, or of the test rows' outputs after one. */
  fit(parameters: { estimator: string; threads: number; timed: 'fit' | 'predict'; method: string }): Promise<number>;
  /** What a fitted estimator says of the test rows. */
  output(parameters: { estimator: string; method: string }): Promise<{ outputs: Float64Array; width: number }>;
  close(): void;
};

export async function startSklearnSide(python: string): Promise<SklearnSide> {
  const child = spawn(python, [join(import.meta.dirname, 'sklearn_side.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const folder = mkdtempSync(join(tmpdir(), 'neurodata-bench-'));
  const ask = async (command: object): Promise<Record<string, unknown>> => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`scikit-learn's side ended at ${JSON.stringify(command)}: its message stands above.`);
    return JSON.parse(value) as Record<string, unknown>;
  };
  const file = (name: string): string => join(folder, name);
  return {
    version: String((await ask({ do: 'version' }))['version']),
    load: async ({ design, target, width, trainRows, classification }) => {
      writeFileSync(file('design'), design);
      if (target !== null) writeFileSync(file('target'), target);
      await ask({ do: 'load', design: file('design'), target: target === null ? null : file('target'), rows: design.length / width, width, trainRows, classification });
    },
    fit: async (parameters) => Number((await ask({ do: 'fit', ...parameters }))['ms']),
    output: async (parameters) => {
      const { width } = await ask({ do: 'output', ...parameters, path: file('output') });
      const bytes = readFileSync(file('output'));
      return { outputs: new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)), width: Number(width) };
    },
    close: () => {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
