import type { Sent } from '@neurodata/sdk';
import type { Result } from './context.ts';

/** The result of one transaction: what it did, in words, and its hash; `more` are further values. */
export function done(text: string, { hash, gasUsed }: Pick<Sent, 'hash' | 'gasUsed'>, more: object = {}): Result {
  return { value: { ...more, hash, gasUsed }, text: `${text}\nTransaction ${hash}` };
}
