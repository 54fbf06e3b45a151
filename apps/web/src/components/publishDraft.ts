import { type Category, DEFAULT_SAMPLE_ROWS, type Task, type Use } from '@neurodata/protocol';
import type { Admits } from './AdmittedFields.tsx';

/** What the form holds, as typed. */
export type PublishDraft = { title: string; description: string; license: string; source: string; tags: string; category: Category | ''; task: Task | ''; validatorsMayRead: boolean; statistics: boolean; statisticsDigits: string; leastRows: string; topValues: string; /** The key is told to everybody. */ open: boolean; /** Whether only some uses are admitted, and which. */ limited: boolean; purposes: Use[]; /** Whether anything may be made of it, and that passed on. */ derivatives: boolean; sharing: boolean; downloadPrice: string; computePrice: string; sharePercent: string; subscriptionPrice: string; periodDays: string; /** Usual: as `sampleByDefault` says. */ sample: 'usual' | 'none' | 'first' | 'random'; sampleRows: string; sampleSeed: string; token: string; admits: Admits; smallestLeaf: string };

export const emptyDraft: PublishDraft = { title: '', description: '', license: 'CC-BY-4.0', source: '', tags: '', category: '', task: '', validatorsMayRead: false, statistics: true, statisticsDigits: '2', leastRows: '10', topValues: '', open: false, limited: false, purposes: [], derivatives: true, sharing: true, downloadPrice: '10', computePrice: '2', sharePercent: '5', subscriptionPrice: '', periodDays: '30', sample: 'usual', sampleRows: String(DEFAULT_SAMPLE_ROWS), sampleSeed: '1', token: '', admits: {}, smallestLeaf: '20' };

/** A draft as it was kept as a text; what it lacks, or has in another shape, is as in `otherwise`. */
export function keptDraft(text: string, otherwise = emptyDraft): PublishDraft {
  try {
    const kept = JSON.parse(text) as Record<string, unknown>;
    const isSame = ([name, value]: [string, unknown]): boolean => typeof kept[name] === typeof value && Array.isArray(kept[name]) === Array.isArray(value);
    return { ...otherwise, ...Object.fromEntries(Object.entries(emptyDraft).filter(isSame).map(([name]) => [name, kept[name]])) };
  } catch {
    return otherwise;
  }
}
