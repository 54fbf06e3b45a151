/** Entry of a thread that describes parts of a table: parts in, a word for each, and what was found at the end. */
import { EngineError, type LaneSetup, createLane } from '@neurodata/engine/lane';
import { parentPort, workerData } from 'node:worker_threads';
import type { LaneAnswer, LaneQuestion } from './startLaneThreads.ts';

const lane = createLane(workerData as LaneSetup);
parentPort?.on('message', (question: LaneQuestion) => {
  parentPort?.postMessage(answer(question), []);
});

function answer(question: LaneQuestion): LaneAnswer {
  try {
    if (question.type === 'state') return { type: 'state', state: lane.state() };
    lane.take(question.part);
    // At once: the collector would let many of them lie there.
    question.part.bytes.buffer.transfer(0);
    return { type: 'taken' };
  } catch (error) {
    if (error instanceof EngineError) return { type: 'refused', code: error.code, message: error.message };
    throw error;
  }
}
