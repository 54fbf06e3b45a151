import { EngineError } from '../../errors.ts';
import { sharedKernels } from '../../kernels/index.ts';
import { dealByKey } from '../../prepare/dealByKey.ts';
import { type Prepared, prepareSplit } from '../../prepare/problem.ts';
import type { Split } from '../../prepare/splitRows.ts';
import type { ParameterValues } from '../../spec/parameters.ts';
import type { Fit } from './planFits.ts';

/** What a fit learns from and is scored on: features are fitted on its own rows only. `onTest`: scored on the run's test rows whatever its fold. */
export function prepareFit({ prepared, fit, parameters, onTest = false }: { prepared: Prepared; fit: Fit; parameters: ParameterValues; onTest?: boolean }): Prepared {
  const { problem, order } = prepared;
  const test = order.subarray(problem.trainRows);
  if (fit.purpose === 'model') return parameters === problem.parameters ? prepared : prepareSplit(prepared, parameters, { train: order.subarray(0, problem.trainRows), test });
  const split = leaveOut(prepared, fit);
  try {
    return prepareSplit(prepared, parameters, onTest ? { ...split, test } : split);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(error.code, `In fold ${fit.fold + 1} of ${fit.folds} of the ${fit.purpose}: ${error.message}`, { cause: error });
  }
}

function leaveOut({ problem: { trainRows }, order, table }: Prepared, { folds, fold, seed }: Exclude<Fit, { purpose: 'model' }>): Split {
  const ends = Array.from({ length: folds }, (_, index) => Math.floor((trainRows * (index + 1)) / folds));
  const kept = order.subarray(0, trainRows);
  const test = dealByKey({ kernels: sharedKernels(), rows: table.rows, kept, seed, ends })[fold] ?? kept;
  const left = new Set(test);
  return { train: kept.filter((row) => !left.has(row)), test };
}
