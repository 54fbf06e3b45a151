import { EngineError, type TrainResult } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { Command } from 'commander';
import { writeAtomic } from '../atomicFile.ts';
import { type Context, type Result, act } from '../context.ts';
import { confusionText, scorePairs, selectionText } from '../metricsText.ts';
import { clean, facts, sparkline, toJson } from '../output.ts';
import { threadCount } from '../parse.ts';
import { megabytes } from '../progress.ts';
import { readTable } from '../publishSource.ts';
import { addTrainOptions } from '../trainOptions.ts';
import { readSetFiles } from '../readSetFiles.ts';
import { type TrainOptions, buildTrainSpec, planText } from '../trainSpec.ts';
import { threadsByDefault, trainWithProgress } from '../trainWithProgress.ts';

type Options = TrainOptions & { out?: string; metrics?: string; threads: number };

export function trainCommand(): Command {
  return addTrainOptions(new Command('train'))
    .argument('<file>', 'CSV with a header, JSON, NDJSON, Parquet or Arrow, as its content shows')
    .option('-o, --out <file>', 'write the model here; `models predict` takes it')
    .option('--metrics <file>', 'write spec, scores and digests here, as JSON')
    .option('--threads <n>', 'they change the time and no bit', threadCount, threadsByDefault())
    .action(act(trainHere));
}

async function trainHere(context: Context, file: string, options: Options): Promise<Result> {
  const { bytes, columns, rows } = await readTable(file);
  const csv = await bytes();
  const spec = buildTrainSpec(columns, { ...options, set: await readSetFiles(options.set, options.algorithm) });
  context.say(facts([['Rows', rows], ['Algorithm', `${spec.algorithm}, ${spec.task}`], ['Predict', spec.target === null ? undefined : clean(spec.target)], ['From', `${spec.features.length} columns`], ['Makes', planText(spec, { rows, columns })]]));
  const began = performance.now();
  const result = await refusing(trainWithProgress({ csv, spec, threads: options.threads, stage: 'Training' }));
  const seconds = (performance.now() - began) / 1_000;
  const { model, modelDigest, metrics, steps, converged, engineId, tableDigest, checkpointRoot, checkpoints } = result;
  const value = { spec, metrics, steps, converged, checkpoints: checkpoints.length, checkpointRoot, modelDigest, tableDigest, engineId, seconds, threads: options.threads };
  if (options.out !== undefined) await writeAtomic(options.out, model);
  if (options.metrics !== undefined) await writeAtomic(options.metrics, `${toJson(value)}\n`);
  return { value: { ...value, ...(options.out === undefined ? {} : { file: options.out }) }, text: resultText(result, seconds, options.out) };
}

async function refusing(training: Promise<TrainResult>): Promise<TrainResult> {
  try {
    return await training;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new NeuroError('The engine cannot train on this.', { code: 'BAD_INPUT', details: error.message, cause: error });
  }
}

function resultText({ model, modelDigest, metrics, steps, converged, lossCurve }: TrainResult, seconds: number, out: string | undefined): string {
  const head = facts([
    ['Tested', `on ${metrics.testRows} rows it never saw (trained on ${metrics.trainRows}, ${metrics.droppedRows} without target)`],
    ...scorePairs(metrics),
    ['Steps', `${steps}, ${converged ? 'converged' : 'ended at its limit'}`], ['Loss', `${sparkline(lossCurve)} ${(lossCurve.at(-1) ?? 0).toPrecision(6)}`],
    ['Time', `${seconds.toFixed(2)} s`], ['Model', `${modelDigest}, ${megabytes(model.length)}${out === undefined ? '; keep it with --out' : `, in ${out}`}`],
  ]);
  return [head, selectionText(metrics), confusionText(metrics)].filter((part) => part !== '').join('\n\n');
}
