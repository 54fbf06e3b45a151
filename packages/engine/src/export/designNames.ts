import type { FittedFeature } from '../prepare/fittedFeature.ts';

/** A name for each column of the design: the feature's, or `feature = category` and `feature missing` for one-hot columns. */
export function designNames(features: readonly FittedFeature[]): string[] {
  return features.flatMap((feature) => {
    if (feature.kind === 'numeric' || feature.encode === 'ordinal') return [feature.name];
    return [...feature.categories.map((category) => `${feature.name} = ${category}`), ...(feature.missing ? [`${feature.name} missing`] : [])];
  });
}
