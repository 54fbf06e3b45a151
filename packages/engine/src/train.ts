import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { EngineError } from './errors.ts';
import { type Digest, sha256Hex } from './hash.ts';
import { doubles, engineId } from './kernels.ts';
import { checkpointRoot } from './merkle.ts';
import { type Metrics, score } from './metrics.ts';
import { writeModel } from './model.ts';
import { type Newton, createNewton, stepNewton } from './newton.ts';
import { createPause, yieldNow } from './pause.ts';
import { prepare } from './prepare.ts';
import type { TrainSpec } from './trainSpec.ts';

export type TrainProgress = { step: number; maxSteps: number; loss: number; trainRows: number };

export type TrainResult = {
  model: Uint8Array;
  modelDigest: Digest;
  metrics: Metrics;
  /** One per step, and the start at index 0: checkpoints[i].step is i. */
  checkpoints: Checkpoint[];
  checkpointRoot: Digest;
  tableDigest: Digest;
  steps: number;
  /** Whether the gradient fell to the tolerance within the allowed steps. */
  converged: boolean;
  /** Whether it ended because of `lastStep` or `shouldStop`, with steps left to make. */
  stopped: boolean;
  engineId: Digest;
  /** The loss at each checkpoint: mean log-loss of the train rows and penalty. */
  lossCurve: number[];
};

/**
 * Trains multinomial logistic regression by Newton's method. Same file and spec, same bytes.
 *
 * @example const { model, metrics } = await train({ csv, spec });
 * @throws EngineError for a bad file or spec, for what cannot be learned, and ABORTED
 */
export async function train(parameters: {
  csv: Uint8Array;
  spec: TrainSpec;
  onProgress?: (p: TrainProgress) => void;
  onCheckpoint?: (c: Checkpoint) => void;
  /** Ends after this step, as a run that was cancelled there did: same file, spec and step, same bytes. */
  lastStep?: number;
  /** Asked before each step. */
  shouldStop?: () => boolean;
  signal?: AbortSignal;
}): Promise<TrainResult> {
  const { csv, spec, onProgress, onCheckpoint, lastStep = Infinity, shouldStop = () => false, signal } = parameters;
  const pause = createPause(signal);
  await pause();
  const problem = prepare(csv, spec);
  const maxSteps = Math.min(problem.spec.parameters.maxIterations, problem.spec.limits.maxSteps);
  const newton = await createNewton({ problem, pause });
  const checkpoints: Checkpoint[] = [];
  const report = async (): Promise<void> => {
    const checkpoint = checkpointOf(newton);
    checkpoints.push(checkpoint);
    onCheckpoint?.(checkpoint);
    onProgress?.({ step: newton.step, maxSteps, loss: newton.loss, trainRows: problem.trainRows });
    await yieldNow();
    await pause();
  };
  await report();
  const converged = (): boolean => newton.slope <= problem.spec.parameters.tolerance;
  let stopped = false;
  while (newton.step < maxSteps && !converged()) {
    stopped = newton.step >= lastStep || shouldStop();
    if (stopped) break;
    if (!(await stepNewton(newton, pause))) break;
    await report();
  }
  const model = writeModel({ target: problem.spec.target, features: problem.features, classes: problem.classes, engineId, weights: weightsOf(newton) });
  return {
    model,
    modelDigest: sha256Hex(model),
    metrics: score(newton),
    checkpoints,
    checkpointRoot: checkpointRoot(checkpoints.map(({ digest }) => digest)),
    tableDigest: problem.tableDigest,
    steps: newton.step,
    converged: converged(),
    stopped,
    engineId,
    lossCurve: checkpoints.map(({ loss }) => loss),
  };
}

/**
 * Re-executes one step from a checkpoint's state, as a referee does: the digest of the answer is
 * that of the run's next checkpoint.
 *
 * @throws EngineError BAD_CHECKPOINT when the state is of another run, or no step follows it
 */
export async function replayStep(parameters: { csv: Uint8Array; spec: TrainSpec; state: Uint8Array; signal?: AbortSignal }): Promise<Checkpoint> {
  const pause = createPause(parameters.signal);
  const problem = prepare(parameters.csv, parameters.spec);
  const { step, loss, weights } = readCheckpoint(parameters.state, problem.binding);
  if (weights.length !== problem.vectors * problem.width) throw new EngineError('BAD_CHECKPOINT', `The state holds ${weights.length} weights, the run has ${problem.vectors * problem.width}: pass a state of this run.`);
  const newton = await createNewton({ problem, pause, step, weights });
  if (newton.loss !== loss) throw new EngineError('BAD_CHECKPOINT', `The state claims the loss ${loss}, its weights give ${newton.loss}: its writer did not run this engine.`);
  if (newton.slope <= problem.spec.parameters.tolerance || !(await stepNewton(newton, pause))) {
    throw new EngineError('BAD_CHECKPOINT', `No step follows step ${step}: the run ends there.`);
  }
  return checkpointOf(newton);
}

function weightsOf(newton: Newton): Float64Array {
  return doubles(newton.problem.kernels, newton.weights, newton.size).slice();
}

function checkpointOf(newton: Newton): Checkpoint {
  return writeCheckpoint({ binding: newton.problem.binding, step: newton.step, loss: newton.loss, weights: weightsOf(newton) });
}
