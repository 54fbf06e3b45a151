export { createWorker, type WorkerDeps } from './createWorker.ts';
export type { ProgressStore } from './setup.ts';
