import { readPca } from '../../algorithms/pca/pca.ts';
import { bodyDoubles } from '../../model/body.ts';
import { type FittedFeature, designWidth, featureWidth } from '../../prepare/fittedFeature.ts';
import { flagOf, numberOf } from '../../spec/parameters.ts';
import { designNames } from '../designNames.ts';
import type { Describe } from './describe.ts';

export const describeKMeans: Describe = ({ body, features, parameters }) => {
  const names = designNames(features);
  const clusters = numberOf(parameters, 'n_clusters');
  const centres = bodyDoubles(body, clusters * names.length);
  return {
    reading: 'a row belongs to the cluster whose centre is nearest to it by Euclidean distance over the columns after preprocessing, of equals to the first; `units` are the numbers of a centre in the columns\' own units',
    clusters: Array.from({ length: clusters }, (_, cluster) => {
      const centre = centres.subarray(cluster * names.length, (cluster + 1) * names.length);
      return { cluster, centre: named(names, centre), units: ownUnits(features, centre) };
    }),
  };
};

export const describePca: Describe = ({ body, features, parameters }) => {
  const names = designNames(features);
  const width = designWidth(features);
  const { means, variances, total, components } = readPca(body, { width, parameters });
  const whiten = flagOf(parameters, 'whiten') ? ', divided by the square root of its variance' : '';
  return {
    reading: `component = sum of weight x (column - its mean)${whiten}; \`share\` is that of the variance of all columns`,
    means: named(names, means), totalVariance: total,
    components: Array.from(variances, (variance, index) => ({
      component: index + 1, variance, share: total > 0 ? variance / total : 0,
      weights: named(names, components.subarray(index * width, (index + 1) * width)),
    })),
  };
};

function named(names: readonly string[], values: Float64Array): { [column: string]: number } {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? 0]));
}

/** Only numbers have a unit. */
function ownUnits(features: readonly FittedFeature[], design: Float64Array): { [column: string]: number } {
  const found: [string, number][] = [];
  let at = 0;
  for (const feature of features) {
    if (feature.kind === 'numeric') found.push([feature.name, (design[at] ?? 0) * feature.deviation + feature.mean]);
    at += featureWidth(feature);
  }
  return Object.fromEntries(found);
}
