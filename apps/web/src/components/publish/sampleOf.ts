import type { ColumnProfile } from '@neurodata/engine';
import { sampleByDefault } from '@neurodata/protocol';
import type { PublishDraft } from '../publishDraft.ts';
import { isOpen } from './OpenSwitch.tsx';
import { limitsOf } from './limits.ts';

export type SampleKind = Exclude<PublishDraft['sample'], 'usual'>;

/** The sample that is published with a table: what was chosen, else what is usual for it. */
export function sampleOf(draft: PublishDraft, table: { rows: number; columns: readonly Pick<ColumnProfile, 'personal'>[] } | undefined): SampleKind {
  if (draft.sample !== 'usual') return draft.sample;
  const personal = table?.columns.some((column) => column.personal !== undefined) ?? false;
  return table && sampleByDefault({ license: draft.license.trim(), rows: table.rows, open: isOpen(draft), limited: limitsOf(draft) !== undefined, personal }) ? 'first' : 'none';
}
