import type { Problem } from '../../packages/engine/src/algorithms/algorithm.ts';
import { writeCheckpoint } from '../../packages/engine/src/run/checkpoint.ts';
import { createCheckpointStore } from '../../packages/engine/src/run/checkpointStore.ts';
import { createPause } from '../../packages/engine/src/run/pause.ts';
import { createTeam } from '../../packages/engine/src/team/team.ts';
import type { BenchCase } from '../engine/benchCase.ts';
import { median } from '../engine/compare.ts';
import { makeProblem } from '../engine/ourSide.ts';
import { cpuTime } from './cpuTime.ts';

export type Overhead = { name: string; steps: number; stateBytes: number; milliseconds: number; share: number; paired: number };

const binding = new Uint8Array(32);
const MEASURED_MS = 20_000;
const LEAST_ROUNDS = 5;
const MOST_ROUNDS = 40;

/**
 * What checkpoints cost: a case is trained in turns with and without writing, hashing and keeping a state after each step.
 * `share`: a checkpoint's median time, times their number, of the processor's time that a run without takes. `paired`: by
 * how much more of it the runs with them took than those beside them, which holds the machine's noise too. Medians.
 */
export async function measureOverhead(benchCase: BenchCase): Promise<Overhead> {
  const problem = makeProblem(benchCase, benchCase.make());
  const { all } = await trainOnce(problem, true);
  // Two short runs differ by more than what is measured, even on a quiet machine.
  const rounds = Math.min(Math.max(Math.round(MEASURED_MS / (2 * all)), LEAST_ROUNDS), MOST_ROUNDS);
  const pairs: { plain: Timed; kept: Timed }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = await trainOnce(problem, round % 2 === 0);
    const second = await trainOnce(problem, round % 2 === 1);
    pairs.push(round % 2 === 0 ? { kept: first, plain: second } : { kept: second, plain: first });
  }
  const [{ kept: { steps, stateBytes } } = { kept: { steps: 0, stateBytes: 0 } }] = pairs;
  return {
    name: benchCase.name, steps, stateBytes,
    milliseconds: median(pairs.map(({ plain }) => plain.all)),
    share: median(pairs.map(({ kept, plain }) => (kept.checkpoint * kept.steps) / plain.all)),
    paired: median(pairs.map(({ kept, plain }) => kept.all / plain.all - 1)),
  };
}

type Timed = { all: number; checkpoint: number; steps: number; stateBytes: number };

async function trainOnce(problem: Problem, keeps: boolean): Promise<Timed> {
  const team = await createTeam({ source: problem.source });
  const { algorithm, parameters, trainRows, classes } = problem;
  const store = createCheckpointStore(algorithm.checkpoints);
  const start = cpuTime();
  const times: number[] = [];
  const trainer = await algorithm.start({ problem, team, pause: createPause() });
  const keep = (): void => {
    if (!keeps) return;
    const before = performance.now();
    store.add(writeCheckpoint({ binding, step: trainer.step, loss: trainer.loss, ratings: [], kept: trainer.state(), previous: store.checkpoints.at(-1)?.digest }));
    times.push(performance.now() - before);
  };
  keep();
  const most = algorithm.maxSteps(parameters, trainRows, classes.length);
  while (trainer.step < most && !trainer.converged && (await trainer.advance())) keep();
  const all = cpuTime() - start;
  team.close();
  return { all, checkpoint: times.length === 0 ? 0 : median(times), steps: trainer.step, stateBytes: store.checkpoints.at(-1)?.state?.length ?? 0 };
}
