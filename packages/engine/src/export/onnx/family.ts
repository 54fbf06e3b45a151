import type { Model } from '../../model/model.ts';
import type { GraphBuilder } from './graph.ts';

/**
 * Writes an algorithm's arithmetic into a graph. `design` is the value [rows, width]; returns the value [rows, classes]
 * of probabilities in the order of the model's classes, or [rows, 1] of numbers, in doubles.
 */
export type Family = (graph: GraphBuilder, design: string, model: Model) => string;
