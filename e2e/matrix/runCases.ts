import { EngineError, type StartMember, canonicalJson, sha256Hex, train } from '@neurodata/engine';
import { type MatrixCase, matrixCases } from './cases.ts';

export type MatrixInput = { tables: Record<MatrixCase['table'], string>; module: string; threads: number[] };
/** By `case, n threads`: digests of model, checkpoints and metrics, or the refusal. */
export type MatrixOutput = Record<string, string>;

/** Runs all cases and says how each ended. */
export async function runCases({ tables, module, threads }: MatrixInput, startMember: StartMember): Promise<MatrixOutput> {
  const output: MatrixOutput = {};
  for (const count of threads) {
    for (const { name, table, spec } of matrixCases(module)) {
      output[`${name}, ${count} threads`] = await endOf(() => train({ csv: new TextEncoder().encode(tables[table]), spec, threads: count, startMember }));
    }
  }
  return output;
}

async function endOf(run: () => ReturnType<typeof train>): Promise<string> {
  try {
    const { modelDigest, checkpointRoot, metrics } = await run();
    return [modelDigest, checkpointRoot, sha256Hex(new TextEncoder().encode(canonicalJson(metrics as never)))].map((digest) => digest.slice(2, 18)).join(' ');
  } catch (error) {
    if (error instanceof EngineError) return `${error.code}: ${error.message}`;
    throw error;
  }
}
