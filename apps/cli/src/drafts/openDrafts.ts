import path from 'node:path';
import { type DraftStore, createDraftStore } from './createDraftStore.ts';

/** The drafts of this folder. `quota`: bytes of all of them together. */
export const openDrafts = (home: string, options: { quota?: number } = {}): DraftStore => createDraftStore({ folder: path.join(home, 'drafts'), ...options });
