export { allocate } from './memory';
export { exp, log } from './math';
export { hashRanks } from './split';
export { fitNumeric, encodeNumeric, encodeCategorical, encodeIntercept } from './columns';
export { clear, dot, largest, moveWeights } from './vectors';
export { softmaxRows, gradientRows, objective, finishGradient, mostLikely } from './softmax';
export { hessianRows, finishHessian, startFactor, factorRow, solve, accepts } from './newton';
