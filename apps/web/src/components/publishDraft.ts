import type { Category, Task } from '@neurodata/protocol';
import type { Admits } from './AdmittedFields.tsx';

/** What the form holds, as typed. */
export type PublishDraft = { title: string; description: string; license: string; source: string; tags: string; category: Category | ''; task: Task | ''; validatorsMayRead: boolean; statistics: boolean; statisticsDigits: string; leastRows: string; topValues: string; /** The key is told to everybody. */ open: boolean; downloadPrice: string; computePrice: string; sharePercent: string; subscriptionPrice: string; periodDays: string; sample: 'none' | 'first' | 'random'; sampleRows: string; sampleSeed: string; token: string; admits: Admits; smallestLeaf: string };

export const emptyDraft: PublishDraft = { title: '', description: '', license: 'CC-BY-4.0', source: '', tags: '', category: '', task: '', validatorsMayRead: false, statistics: true, statisticsDigits: '2', leastRows: '10', topValues: '', open: false, downloadPrice: '10', computePrice: '2', sharePercent: '5', subscriptionPrice: '', periodDays: '30', sample: 'none', sampleRows: '20', sampleSeed: '1', token: '', admits: {}, smallestLeaf: '20' };
