import { type Category, DEFAULT_SAMPLE_ROWS, type Task } from '@neurodata/protocol';
import type { Admits } from './AdmittedFields.tsx';

/** What the form holds, as typed. */
export type PublishDraft = { title: string; description: string; license: string; source: string; tags: string; category: Category | ''; task: Task | ''; validatorsMayRead: boolean; statistics: boolean; statisticsDigits: string; leastRows: string; topValues: string; /** The key is told to everybody. */ open: boolean; downloadPrice: string; computePrice: string; sharePercent: string; subscriptionPrice: string; periodDays: string; /** Usual: as `sampleByDefault` says. */ sample: 'usual' | 'none' | 'first' | 'random'; sampleRows: string; sampleSeed: string; token: string; admits: Admits; smallestLeaf: string };

export const emptyDraft: PublishDraft = { title: '', description: '', license: 'CC-BY-4.0', source: '', tags: '', category: '', task: '', validatorsMayRead: false, statistics: true, statisticsDigits: '2', leastRows: '10', topValues: '', open: false, downloadPrice: '10', computePrice: '2', sharePercent: '5', subscriptionPrice: '', periodDays: '30', sample: 'usual', sampleRows: String(DEFAULT_SAMPLE_ROWS), sampleSeed: '1', token: '', admits: {}, smallestLeaf: '20' };
