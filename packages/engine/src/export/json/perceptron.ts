import { readBody } from '../../algorithms/perceptron/multilayerPerceptron.ts';
import { designWidth } from '../../prepare/fittedFeature.ts';
import { designNames } from '../designNames.ts';
import type { Describe } from './describe.ts';

/** A unit of a layer; `of`: what an output stands for. Weights are by the names of columns in the first layer, else in the order of the layer before. */
export type Unit = { of?: string; bias: number; weights: { [column: string]: number } | number[] };

const outputs = [
  'prediction = output x deviation + mean',
  'the probability of `of` is 1 / (1 + exp(-output)), that of the other class is the rest',
  'probability = exp(output) / sum of exp(output) over the classes',
] as const;

export const describePerceptron: Describe = ({ body, task, classes, parameters, features, target }) => {
  const { network, weights, mean, deviation } = readBody(body, { width: designWidth(features), classes, task, parameters });
  const { layers, kind } = network;
  const names = designNames(features);
  const said = kind === 0 ? [target ?? ''] : kind === 1 ? classes.slice(1) : classes;
  return {
    reading: `a unit gives bias + sum of weight x input, and 0 where that is below 0, except in the last layer; the inputs are the columns, then the units of the layer before; ${outputs[kind]}`,
    ...(kind === 0 ? { mean, deviation } : {}),
    layers: layers.map((layer, place) => ({
      units: Array.from({ length: layer.outputs }, (_, unit): Unit => {
        const into = Array.from({ length: layer.inputs }, (_, input) => weights[layer.at + input * layer.lanes + unit] ?? 0);
        return {
          ...(place === layers.length - 1 ? { of: said[unit] ?? '' } : {}),
          bias: weights[layer.at + layer.inputs * layer.lanes + unit] ?? 0,
          weights: place === 0 ? Object.fromEntries(into.map((weight, input) => [names[input] ?? '', weight])) : into,
        };
      }),
    })),
  };
};
