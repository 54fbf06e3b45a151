import { toNeuroError } from '@neurodata/sdk';

/** The name of the custom error with which a contract refused; undefined where it was not that. */
export function revertOf(error: unknown): string | undefined {
  const { code, details } = toNeuroError(error);
  return code === 'REVERTED' ? details?.match(/^\w+/)?.[0] : undefined;
}
