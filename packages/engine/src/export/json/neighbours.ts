import { designWidth } from '../../prepare/fittedFeature.ts';
import { numberOf, textOf } from '../../spec/parameters.ts';
import type { Describe } from './describe.ts';

/** k nearest neighbours. The rows themselves stay in the model: a listing of them explains nothing, and gives them away. */
export const describeNeighbours: Describe = ({ body, features, parameters, task }) => {
  const k = numberOf(parameters, 'n_neighbors');
  const answer = task === 'classification' ? 'the shares of the classes among' : 'the mean target of';
  return {
    reading: `${answer} the ${k} nearest of the rows that the model holds, each counting ${textOf(parameters, 'weights') === 'distance' ? '1 / distance' : 'the same'}; the distance is Euclidean over the columns after preprocessing`,
    rows: body.length / (8 * (designWidth(features) + 1)),
  };
};
