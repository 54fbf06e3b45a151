import type { Kernels } from '../kernels/index.ts';
import type { DesignSource } from '../prepare/designSource.ts';
import type { DesignPlace } from '../prepare/encodeRows.ts';
import type { FittedFeature } from '../prepare/fittedFeature.ts';
import type { Pause } from '../run/pause.ts';
import type { Parameter, ParameterValues } from '../spec/parameters.ts';
import type { Preprocess, Task, TrainSpec } from '../spec/types.ts';
import type { Team } from '../team/team.ts';

export type { Task };

/** What an algorithm learns from: rows [0, trainRows) train, rows [trainRows, trainRows + testRows) test. */
export type Problem = {
  algorithm: Algorithm;
  spec: TrainSpec;
  parameters: ParameterValues;
  features: FittedFeature[];
  /** Sorted texts of the target; none unless it is classification. */
  classes: string[];
  /** Encoded columns. */
  width: number;
  trainRows: number;
  testRows: number;
  /** The target of all rows: a class index, or a number; nothing for clustering and reduction. */
  targets: Float64Array;
  /** What a team's members encode rows from by themselves. */
  source: DesignSource;
  /** The design of some rows, by their place among all rows. */
  encodeAt(places: Int32Array): Float64Array;
  /** Sample weights of all rows, or null. */
  weights: Float64Array | null;
  /** The design of the rows [first, last), row by row; written `into` a place where one is given. */
  encode(first: number, last: number, into?: DesignPlace): Float64Array;
};

/** What an algorithm is told of a problem before memory is taken. `width`: encoded columns, without an intercept. */
export type Shape = { rows: number; trainRows: number; width: number; classes: number; parameters: ParameterValues; task: Task };

/** A training under way. It stands between two steps; `advance` makes the next one. */
export type Trainer = {
  readonly step: number;
  /** The objective at this state, finite; lower is better. */
  readonly loss: number;
  /** Whether the algorithm's own rule of convergence holds. */
  readonly converged: boolean;
  /** Makes one step. False when there is none left: the state is unchanged then. */
  advance(): Promise<boolean>;
  /**
   * What a checkpoint keeps. `whole`: all that is needed to go on from here. `chain`: what the last
   * step added; all of them in order are needed to go on. Written before the first step, too.
   */
  state(): Uint8Array;
  /** The model's body, which `Algorithm.read` reads: bytes of its own, which who asks may free. */
  body(): Uint8Array | Promise<Uint8Array>;
  /**
   * Goes to the state that `start` would stand at with these states (none: the first one), in the memory that is
   * taken already. Auditors use it; where it is left out they start anew. It may be called after a BAD_CHECKPOINT.
   *
   * @throws EngineError BAD_CHECKPOINT
   */
  resume?(states: readonly Uint8Array[]): Promise<void>;
};

/** A fitted model, ready to be applied. Outputs of a row: class probabilities, a number, a cluster, or components. */
export type Predictor = {
  outputs: number;
  /** design: [rows, width] row by row, as `encodeRows` writes it. Returns [rows, outputs]. Rows are independent of each other. */
  predict(design: Float64Array, rows: number): Float64Array;
  /** Of clusters: their centres, [clusters, width]. For the inertia among the metrics. */
  centres?: Float64Array;
  /** Of components: the share of the train rows' variance that each keeps, as fitted. For the metrics. */
  explainedVarianceRatio?: readonly number[];
};

/** What reads a model's body has besides its bytes. */
export type ModelShape = { width: number; classes: string[]; task: Task; parameters: ParameterValues };

export type Start = { problem: Problem; team: Team; pause: Pause };

/** An algorithm of the engine, as data: specs are checked by it, forms are built from it, training and prediction run it. */
export type Algorithm = {
  name: string;
  title: string;
  /** What it does and when to take it, in one or two sentences. */
  about: string;
  /** The first one is the default. */
  tasks: readonly Task[];
  parameters: readonly Parameter[];
  /** Defaults of the spec's `preprocess`. */
  preprocess: Preprocess;
  /** Whether missing numbers may reach it (as NaN in the design). */
  takesMissing: boolean;
  takesWeights: boolean;
  /** Whether a model holds rows of the data: off in compute licences unless the publisher turns it on. */
  copiesRows: boolean;
  /** The parameter that bounds the rows of a tree's leaf from below: compute licences ask for more of them. */
  smallestLeaf?: string;
  /** What its schema cannot say of its parameters. @throws EngineError */
  check?(parameters: ParameterValues): void;
  /** Which kind of state its trainers write. */
  checkpoints: 'whole' | 'chain';
  /** Bytes of engine memory, over all threads: part of the format, since it decides what is refused. */
  memory(shape: Shape): number;
  /** Steps that a run makes at most. `classes` is 0 unless it is classification. */
  maxSteps(parameters: ParameterValues, trainRows: number, classes: number): number;
  /** Stands before the first step, or after the one whose states (one for `whole`, all for `chain`) are given. @throws EngineError BAD_CHECKPOINT */
  start(parameters: Start, states?: readonly Uint8Array[]): Promise<Trainer>;
  /** Multiplications, or visits of nodes, that the prediction of a row takes; an eighth of the body's bytes if left out. It bounds what is explained, so it is part of the format. */
  predictionWork?(body: Uint8Array, shape: ModelShape): number;
  /** @throws EngineError BAD_MODEL for a body that no trainer of this shape writes */
  read(body: Uint8Array, shape: ModelShape, kernels: Kernels): Predictor;
  /** As `read`, in short stretches: for models that take long to be made ready. */
  open?(body: Uint8Array, shape: ModelShape, kernels: Kernels, pause: Pause): Promise<Predictor>;
};
