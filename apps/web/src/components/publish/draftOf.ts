import { type Category, type Manifest, type Task, categories, tasks } from '@neurodata/protocol';
import { type PublishDraft, emptyDraft } from '../publishDraft.ts';

const oneOf = <T extends string>(known: readonly T[], said: unknown): T | '' => known.find((one) => one === said) ?? '';

/** What a version said of itself, as the form of the next one begins. Offers are the asset's, and stay as they are. */
export function draftOf(manifest: Manifest, validatorsMayRead: boolean): PublishDraft {
  const { name, description, license, keywords, isBasedOn, 'nd:limits': limits, 'nd:columns': columns = [], 'nd:open': open } = manifest;
  const told = columns.filter(({ statistics }) => statistics && 'top' in statistics).map((column) => column.name);
  return {
    ...emptyDraft,
    title: name, description, license, source: isBasedOn ?? '', tags: keywords.filter((tag) => !tag.includes(',')).join(', '),
    category: oneOf<Category>(categories, manifest['nd:category']), task: oneOf<Task>(tasks, manifest['nd:task']),
    validatorsMayRead, open: open !== undefined,
    // Who told no statistics before is asked before any are told.
    statistics: columns.length === 0 || columns.some(({ statistics }) => statistics !== undefined),
    topValues: told.filter((column) => !column.includes(',')).join(', '),
    limited: limits?.uses !== undefined, purposes: [...(limits?.uses ?? [])], derivatives: limits?.noDerivatives === undefined, sharing: limits?.noSharing === undefined,
    downloadPrice: '', computePrice: '', subscriptionPrice: '', sample: 'none',
  };
}
