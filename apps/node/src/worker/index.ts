export { createWorker, type WorkerDeps } from './createWorker.ts';
export type { Canaries, CanaryStore, ProgressStore } from './setup.ts';
