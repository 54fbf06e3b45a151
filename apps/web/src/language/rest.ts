import { loadRest } from './language.ts';

/** The build has every file with sentences that no first view needs wait for this, so that none is read before its words are there. */
await loadRest();
