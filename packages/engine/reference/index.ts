import { sha256Hex } from '../src/hash.ts';
import { findAlgorithm } from '../src/algorithms/index.ts';
import { engineId } from '../src/kernels/index.ts';
import { writeModel } from '../src/model/model.ts';
import { schemaOf } from '../src/prepare/problem.ts';
import { type Checkpoint, runBinding, writeCheckpoint } from '../src/run/checkpoint.ts';
import { checkpointRoot } from '../src/run/merkle.ts';
import { type TrainResult, thin } from '../src/run/train.ts';
import { checkTrainSpec } from '../src/spec/trainSpec.ts';
import type { TrainSpec, TrainSpecInput } from '../src/spec/types.ts';
import { readTextTable } from '../src/table/readTable.ts';
import type { Table } from '../src/table/table.ts';
import { tableDigest } from '../src/table/tableDigest.ts';
import { explainReference } from './explain.ts';
import { sum } from './features.ts';
import { fit, targetCell } from './fit.ts';
import { type Selected, foldsOf, select } from './select.ts';
import { splitRows } from './split.ts';

/**
 * What `train` does, written to be read: plain arrays, one loop per formula, no WebAssembly. It
 * shares parsing and byte formats with the engine, and must agree with it bit for bit; its models
 * carry the id of that engine. For tables that can be learned: bad ones are `train`'s to refuse.
 */
export function trainReference({ csv, spec: unchecked }: { csv: Uint8Array; spec: TrainSpecInput }): TrainResult {
  const spec = checkTrainSpec(unchecked);
  const table = readTextTable(csv, schemaOf(spec));
  const { train, test, dropped } = partRows(table, spec);
  const selected = select(spec, train, (parameters, rows) => fit({ table, spec: { ...spec, parameters }, dropped: 0, ...rows }));
  const last = fit({ table, spec: { ...spec, parameters: selected.parameters }, train, test, dropped });
  const { learned, features, classes } = last;
  const digest = tableDigest(table);
  const checkpoints: Checkpoint[] = [];
  for (const [index, one] of [...selected.fits, last].entries()) {
    for (const { loss, kept } of one.learned.states) {
      checkpoints.push(writeCheckpoint({ binding: runBinding(digest, spec), step: checkpoints.length, loss, ratings: selected.ratings.slice(0, index), kept, previous: checkpoints.at(-1)?.digest }));
    }
  }
  const explanation = explainReference(last);
  const model = writeModel({ spec: last.spec, features, classes, engineId, body: learned.body });
  return {
    model, checkpoints, engineId,
    converged: learned.converged,
    modelDigest: sha256Hex(model),
    metrics: { ...last.scored, ...(explanation === undefined ? {} : { explanation }), ...selected.results },
    checkpointRoot: checkpointRoot(checkpoints.map((checkpoint) => checkpoint.digest)),
    tableDigest: digest,
    steps: checkpoints.length - 1,
    maxSteps: selected.fits.length === 0 ? last.mostSteps : mostSteps(spec, train, classes.length, selected),
    stopped: false,
    lossCurve: thin(learned.states.map(({ loss }) => loss), 1_000),
  };
}

/** The steps that all fits may take, and one to each next fit. What follows a search may take those of its longest candidate. */
function mostSteps(spec: TrainSpec, train: number[], classes: number, { candidates, fits }: Selected): number {
  const { search, validation } = spec;
  const stepsOf = (parameters: TrainSpec['parameters'], rows: number): number => findAlgorithm(spec.algorithm).maxSteps(parameters, rows, classes);
  const longest = (rows: number): number => Math.max(...(candidates.length === 0 ? [spec.parameters] : candidates).map((parameters) => stepsOf(parameters, rows)));
  const searched = search === undefined ? [] : candidates.flatMap((parameters) => foldsOf(train, search).map((fold) => stepsOf(parameters, fold.train.length)));
  const validated = validation === undefined ? [] : foldsOf(train, validation).map((fold) => longest(fold.train.length));
  return sum([...searched, ...validated, longest(train.length)]) + fits.length;
}

function partRows(table: Table, spec: TrainSpec): { train: number[]; test: number[]; dropped: number } {
  const all = Array.from({ length: table.rows }, (_, row) => row);
  const kept = spec.target === null ? all : all.filter((row) => targetCell(table, spec, row) !== null);
  return { ...splitRows(kept, spec.split), dropped: all.length - kept.length };
}
