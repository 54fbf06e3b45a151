export { dismissReport, upholdReports, upholdSuspended } from './decideReports.ts';
export type { Decision } from './decideReports.ts';
export { fileReport } from './fileReport.ts';
export { appealHidden, decideAppeal, hideSubject, showSubject } from './hidden.ts';
export type { HiddenRow } from './hidden.ts';
export { saveReply } from './saveReply.ts';
export { assetsOf, readSubject, walletsOf } from './subjects.ts';
