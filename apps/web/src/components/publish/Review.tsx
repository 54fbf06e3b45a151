import type { JSX, ReactNode } from 'react';
import { t } from '../../language/t.ts';
import { bytes, plural } from '../Amounts.tsx';
import { Facts, Section } from '../Layout.tsx';
import type { PublishDraft } from '../publishDraft.ts';
import { useTexts } from '../words.ts';
import { isOpen } from './OpenSwitch.tsx';
import { admittedUses, limitsOf } from './limits.ts';
import { canTrain } from './publishInput.ts';
import type { Source } from './useSource.ts';

/** What will happen, before anything is signed. `unit`: what downloads are paid in; `next`: it is the next version of an asset, whose offers stay. */
export function Review({ draft, source, unit, next = false }: { draft: PublishDraft; source: Source; unit: string; next?: boolean }): JSX.Element {
  const { file, folder, main, profile } = source;
  const open = isOpen(draft);
  return (
    <Section title="Review">
      <Facts facts={[
        ['File', file && <><span className="num break-all">{file.name}</span>, {bytes(file.size)}</>],
        ['Folder', folder && <><span className="num break-all">{folder.name}</span>, {plural(folder.files.length, 'file')}, {bytes(folder.files.reduce((sum, { size }) => sum + size, 0))}</>],
        ['Main table', folder && <span key="main" className="break-all">{main ?? 'none: no rows are described'}</span>],
        ['Becomes public', <Public key="public" draft={draft} folder={folder !== undefined} table={profile !== undefined} others={folder?.tables.filter(({ path }) => path !== main).length ?? 0} />],
        ['Stays sealed', !open && (folder ? 'the files' : 'the rows')],
        ['Read by everybody', open && (folder ? 'the files, for ever: the key stands in the description' : 'the rows, for ever: the key stands in the description')],
        ['May read it', !open && (draft.validatorsMayRead ? 'buyers; validators for the length of a round; workers of runs' : 'buyers, and the committee of a content dispute')],
        ['Limits', <Limits key="limits" draft={draft} />],
        ['Offers', next ? 'as they are: those for later versions hold for this one' : open ? 'free for everybody' : (offersOf(draft, profile !== undefined, unit).join('; ') || 'none for now')],
        ['Sample', draft.sample !== 'none' && profile !== undefined && `${draft.sampleRows} rows, free for everybody`],
      ]} />
    </Section>
  );
}

function Public({ draft, folder, table, others }: { draft: PublishDraft; folder: boolean; table: boolean; /** Tables besides the main one. */ others: number }): ReactNode {
  const parts = [
    t`title, description, licence and tags`, folder ? t`each file’s path and size` : t`the file’s name and size`,
    ...(table ? [t`the number of rows; each column’s name, kind, and numbers of missing and different values`] : []),
    ...(table && draft.statistics ? [t`rounded statistics of numbers`] : []),
    ...(table && draft.statistics && draft.topValues.trim() !== '' ? [t`the commonest values of ${draft.topValues.trim()}`] : []),
    ...(others > 0 ? [t`the same of ${plural(others, 'other table')}`] : []),
  ];
  return <>{parts.join('; ')}</>;
}

/** The terms that programs enforce, in sentences. */
function Limits({ draft }: { draft: PublishDraft }): ReactNode {
  const limits = limitsOf(draft);
  if (!limits) return <>none besides the licence {draft.license.trim()}</>;
  const sentences = [
    ...(limits.uses ? [t`Only for: ${admittedUses(draft).map((use) => useTexts[use]).join(', ')}. Each buyer signs for which.`] : [t`For all purposes; each buyer signs for which.`]),
    ...(limits.noDerivatives ? [t`Nothing may be made of it: no training runs, no models.`] : []),
    ...(limits.noSharing && !limits.noDerivatives ? [t`What is made of it may not be passed on.`] : []),
  ];
  return <ul data-testid="limits" className="grid gap-1">{sentences.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>;
}

function offersOf(draft: PublishDraft, isTable: boolean, unit: string): string[] {
  const asked = (text: string): string | undefined => text.trim() || undefined;
  const [download, run, each] = [asked(draft.downloadPrice), canTrain(draft, { isTable }) ? asked(draft.computePrice) : undefined, asked(draft.subscriptionPrice)];
  return [
    ...(download === undefined ? [] : [t`download ${download} ${unit}`]),
    ...(run === undefined ? [] : [t`training run ${run} NCR, and ${draft.sharePercent} % of a model’s price`]),
    ...(each === undefined ? [] : [t`subscription ${each} ${unit} each ${draft.periodDays} days`]),
  ];
}
