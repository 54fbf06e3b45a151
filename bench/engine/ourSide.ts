import { checkTrainSpec } from '../../packages/engine/src/index.ts';
import { createKernels } from '../../packages/engine/src/kernels/index.ts';
import type { Problem } from '../../packages/engine/src/algorithms/algorithm.ts';
import { createProblem } from '../../packages/engine/src/prepare/problem.ts';
import { createPause } from '../../packages/engine/src/run/pause.ts';
import { sharedDoubles } from '../../packages/engine/src/table/sharedNumbers.ts';
import type { Table } from '../../packages/engine/src/table/table.ts';
import { startNodeMember } from '../../packages/engine/src/team/startNodeMember.ts';
import { createTeam } from '../../packages/engine/src/team/team.ts';
import type { BenchCase, BenchData } from './benchCase.ts';

/** The problem of a case's data: what `prepare` makes of a file, without a file. */
export function makeProblem(benchCase: BenchCase, { columns, target, trainRows }: BenchData): Problem {
  const rows = columns[0]?.length ?? 0;
  const names = columns.map((_, index) => `f${index}`);
  const spec = checkTrainSpec({
    ...benchCase.spec, task: benchCase.task,
    ...(target === null ? {} : { target: 'y' }),
    features: names.map((name) => ({ name, kind: 'numeric' })),
    split: { rule: 'hash-rank', seed: 1, testFraction: 0.2 },
    limits: { maxSteps: 100_000, maxBytes: 2 ** 32 },
  });
  const table: Table = {
    rows,
    columns: [
      ...names.map((name, index) => ({ name, kind: 'numeric' as const, values: shared(columns[index]) })),
      ...(target === null ? [] : [targetColumn(benchCase, target)]),
    ],
  };
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  return createProblem({ table, spec, split: { train: order.subarray(0, trainRows), test: order.subarray(trainRows) } });
}

/** As a table's reader leaves them. */
function shared(values: Float64Array = new Float64Array()): Float64Array {
  const copy = sharedDoubles(values.length);
  copy.set(values);
  return copy;
}

/** Class texts are letters, so that their order is that of the indices. */
function targetColumn({ task }: BenchCase, target: Float64Array): Table['columns'][number] {
  if (task === 'regression') return { name: 'y', kind: 'numeric', values: target };
  const classes = target.reduce((most, value) => Math.max(most, value), 0) + 1;
  return { name: 'y', kind: 'categorical', codes: Int32Array.from(target), texts: Array.from({ length: classes }, (_, index) => String.fromCodePoint(97 + index)) };
}

export type OurFit = { ms: number; steps: number; outputs: Float64Array; width: number };

/** Trains once in so many threads, which are started before the clock. */
export async function fitOurs(problem: Problem, threads: number, timed: BenchCase['timed']): Promise<OurFit> {
  const team = await createTeam({ threads, startMember: startNodeMember, source: problem.source });
  team.call('exp', () => [0]);
  try {
    const start = performance.now();
    const trainer = await problem.algorithm.start({ problem, team, pause: createPause() });
    const most = problem.algorithm.maxSteps(problem.parameters, problem.trainRows, problem.classes.length);
    while (trainer.step < most && !trainer.converged && (await trainer.advance()));
    const body = await trainer.body();
    const fitted = performance.now();
    const { algorithm, width, classes, spec, parameters, trainRows, testRows } = problem;
    const predictor = algorithm.read(body, { width, classes, task: spec.task, parameters }, createKernels());
    const design = problem.encode(trainRows, trainRows + testRows);
    const ready = performance.now();
    const outputs = predictor.predict(design, testRows);
    return { ms: timed === 'fit' ? fitted - start : performance.now() - ready, steps: trainer.step, outputs, width: predictor.outputs };
  } finally {
    team.close();
  }
}
