/** Which rules the code around the module follows: raise it when that code gives other results, so that the engine id changes. */
export const rules: i32 = 5;

export { allocate } from './memory';
export { exp, log } from './math';
export { encodeFour, encodeOne } from './encode';
export { hashRanks } from './split';
export { addParts, clear, dot, largest, takeRows } from './vectors';
export { startFactor, factorRow, solve } from './cholesky';
export { coordinateSweep } from './coordinates';
export { reflectRow, reflectVectors, rotateRows } from './eigen';
export { classRows, countRows, gaussianRows } from './bayes';
export { momentRows, curvatureRows } from './gram';
export { logisticRows, projectRows, scoreRows } from './logistic';
export { randomKey } from './random';
export { nearestRows } from './nearestCentre';
export {
  assignRows, addIntegers, largestOfColumns, sumColumns, meanOfSums, meansOfClusters, centreColumns, centreMoves, halfDistances, spreadRows, inertiaOf, farthestRow,
} from './kmeans';
export { seedRows, trialRows, findSeed } from './kmeansSeeds';
export { sortNumbers, findThresholds, binRows } from './trees/bins';
export { buildHistogram, addHistogram, copyHistogram, subtractHistogram } from './trees/histogram';
export { startTree, partitionRows, addLeaf, addKnownTree, addSmallTrees } from './trees/rows';
export { setSplits, setUnits, findSplit } from './trees/boostSplit';
export { logisticGradients, softmaxStart, softmaxGradients, squaredErrors, squaredGradients } from './trees/gradients';
export { findNeighbours, voteOfNeighbours, meanOfNeighbours } from './neighbours';
export { addTree, addTreeValues, logisticLink, softmaxLink, meanLink } from './trees/predict';
export { setGrowerPlaces, setGrowerRules, triedScores } from './trees/nodeSplit';
export { setTreePlaces, setTreeRules, setMostLeaves, startGrowing, growNodes, closeNodes } from './trees/growTree';
export { turnWeights, groupGradient, applyNetwork } from './perceptron/network';
export { addFloats, adamStep, sumSquares, fillUniform, shuffleRows } from './perceptron/adam';
