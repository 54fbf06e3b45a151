export { createValidator, type ValidatorDeps } from './createValidator.ts';
export type { Access, AccessLog } from './accessLog.ts';
export type { Duty, DutyStore } from './duties.ts';
