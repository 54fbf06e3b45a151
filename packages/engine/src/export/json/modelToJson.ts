import { findAlgorithm } from '../../algorithms/index.ts';
import type { Task } from '../../algorithms/algorithm.ts';
import { createKernels } from '../../kernels/index.ts';
import { parseModel } from '../../model/model.ts';
import { type FittedFeature, designWidth } from '../../prepare/fittedFeature.ts';
import type { ParameterValues } from '../../spec/parameters.ts';
import { describers } from './describers.ts';

/** A model for people. Numbers are those of the model's bytes, in full; the form is for reading and is not hashed. */
export type ModelJson = {
  format: 'neurodata-model';
  algorithm: string;
  title: string;
  task: Task;
  target: string | null;
  classes: string[];
  engineId: string;
  parameters: ParameterValues;
  /** `column = (value - mean) / deviation`, a missing value standing at `fill`; categories in the order of their columns. */
  features: readonly FittedFeature[];
  /** Columns after preprocessing. */
  columns: number;
  learned: { reading: string; [part: string]: unknown } | null;
};

/** @throws EngineError BAD_MODEL */
export function modelToJson(bytes: Uint8Array): ModelJson {
  const model = parseModel(bytes);
  const { task, target, classes, engineId, parameters, features, body } = model;
  const algorithm = findAlgorithm(model.algorithm);
  const columns = designWidth(features);
  algorithm.read(body, { width: columns, classes, task, parameters }, createKernels());
  const learned = describers[algorithm.name]?.(model) ?? null;
  return { format: 'neurodata-model', algorithm: algorithm.name, title: algorithm.title, task, target, classes, engineId, parameters, features, columns, learned };
}
