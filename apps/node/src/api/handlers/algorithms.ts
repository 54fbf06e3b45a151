import { algorithms, describeAlgorithm, engineId } from '@neurodata/engine';
import type { Handler } from './Handler.ts';

export const listAlgorithms: Handler<'listAlgorithms'> = async () => ({ engineId, items: algorithms.map(describeAlgorithm) });
