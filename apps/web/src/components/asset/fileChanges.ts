import type { FilesDiff } from '@neurodata/protocol';
import type { Change } from './manifestDiff.ts';

/** So many paths are named; more are counted. */
const NAMED = 8;

/** How a folder's files differ between two versions, as far as everybody can see it. */
export function fileChanges({ added, removed, changed, moved }: FilesDiff): Change[] {
  return [
    ...(added.length === 0 ? [] : [{ what: 'Files added', after: named(added) }]),
    ...(removed.length === 0 ? [] : [{ what: 'Files removed', before: named(removed) }]),
    ...moved.map(({ from, to }) => ({ what: 'File moved', before: from, after: to })),
    ...(changed.length === 0 ? [] : [{ what: 'Files sealed anew', before: named(changed), after: 'other ciphertexts under the same paths' }]),
  ];
}

function named(paths: readonly string[]): string {
  const rest = paths.length - NAMED;
  return `${paths.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
