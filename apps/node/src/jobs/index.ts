export { checkPins } from './checkPins.ts';
export { createBackgroundJobs } from './createBackgroundJobs.ts';
export type { BackgroundJobs, EnqueueOptions } from './createBackgroundJobs.ts';
export type { JobDefinition } from './JobDefinition.ts';
export { jobsSchema, prepareJobsSchema } from './jobsSchema.ts';
