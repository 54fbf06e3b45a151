export { createValidator, type ValidatorDeps } from './createValidator.ts';
export type { Duty, DutyStore } from './duties.ts';
