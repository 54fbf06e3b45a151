export { type ArchiveReport } from '../content/archiveLedger.ts';
export { type InspectedFile, inspectFile } from '../content/inspectFile.ts';
export { openTableFile } from './openTableFile.ts';
export type { FileProfile, ProfileStage, ProfiledColumn } from './profile.ts';
export { type ProfileOptions, profileFile } from './profileFile.ts';
export { startLaneThreads } from '../tableCheck/startLaneThreads.ts';
