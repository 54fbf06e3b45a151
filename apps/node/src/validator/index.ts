export { createValidator, type ValidatorDeps } from './createValidator.ts';
export type { Access, AccessLog } from './accessLog.ts';
export type { PurposeStore } from './purposeStore.ts';
export type { Duty, DutyStore } from './duties.ts';
