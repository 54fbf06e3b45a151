import { clean } from '../output.ts';
import { megabytes } from '../progress.ts';
import type { Draft } from './draft.ts';

/** What a draft holds, in words. */
export function heldBy({ files }: Pick<Draft, 'files'>): string {
  return `${files.length} ${files.length === 1 ? 'file' : 'files'}, ${megabytes(files.reduce((sum, { size }) => sum + size, 0))}`;
}

/** What a person does with a draft now. */
export function nextStep(draft: Draft): string {
  const what = draft.assetId === undefined ? '' : `, the next version of asset ${draft.assetId}`;
  return `Draft ${draft.draftId} (${clean(draft.repo)}${what}): ${heldBy(draft)}. Nothing is published yet. Next: neurodata drafts publish ${draft.draftId}${draft.assetId === undefined ? ' --price 3' : ''}`;
}
