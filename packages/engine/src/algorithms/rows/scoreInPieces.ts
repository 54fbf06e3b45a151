import { EngineError } from '../../errors.ts';
import { type Kernels, type Pointer, allocate, doubles } from '../../kernels/index.ts';
import type { Predictor } from '../algorithm.ts';
import { lineOf } from './rowShares.ts';
import { setLines } from './setLines.ts';

const ROWS_A_CALL = 4_096;

/** A predictor by a kernel that writes `outputs` numbers for each row of lines. It answers -1, or a row that it cannot score. */
export function scoreInPieces(parameters: { kernels: Kernels; width: number; outputs: number; intercept: boolean; score: (call: { design: Pointer; out: Pointer; rows: number }) => number }): Predictor {
  const { kernels, width, outputs, intercept, score } = parameters;
  const line = lineOf(width + (intercept ? 1 : 0));
  const design = allocate(kernels, ROWS_A_CALL * line * 8);
  const out = allocate(kernels, ROWS_A_CALL * outputs * 8);
  return {
    outputs,
    predict: (rows, count) => {
      const all = new Float64Array(count * outputs);
      for (let first = 0; first < count; first += ROWS_A_CALL) {
        const taken = Math.min(ROWS_A_CALL, count - first);
        setLines({ lines: doubles(kernels, design, taken * line), line, rows: rows.subarray(first * width, (first + taken) * width), width, intercept });
        const bad = score({ design, out, rows: taken });
        const found = doubles(kernels, out, taken * outputs);
        const row = bad >= 0 ? bad : Math.floor(found.findIndex((value) => !Number.isFinite(value)) / outputs);
        if (row >= 0) throw new EngineError('NOT_FINITE', `Row ${first + row + 1} of these rows is too far from the training rows to be scored: correct it.`);
        all.set(found, first * outputs);
      }
      return all;
    },
  };
}
