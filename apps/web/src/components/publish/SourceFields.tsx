import type { ImportedDescription } from '@neurodata/protocol';
import { type DragEvent, type JSX, useRef, useState } from 'react';
import { t } from '../../language/t.ts';
import { bytes, count } from '../Amounts.tsx';
import { DescriptionFile } from '../DescriptionFile.tsx';
import { Failure, Progress } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { PersonalData } from '../PersonalData.tsx';
import { tableFiles } from '../tableFiles.ts';
import { FolderFiles } from './FolderFiles.tsx';
import { folderOf, readDropped } from './readDropped.ts';
import type { Source } from './useSource.ts';

type SourceProps = { source: Source; agreed: boolean; onAgree: (agreed: boolean) => void; onChoose: (chosen: Parameters<Source['choose']>[0]) => void; onFound: (found: ImportedDescription) => void };

const look = 'field h-auto py-1.5 file:mr-3 file:rounded-sm file:border-0 file:bg-accent-soft file:px-3 file:py-1 file:text-accent';

/** A table file or a folder, chosen or dropped, and what was found in it. */
export function SourceFields({ source, agreed, onAgree, onChoose, onFound }: SourceProps): JSX.Element {
  const { file, folder, profile, columns, harmful, error, isPending, progress } = source;
  const [over, setOver] = useState(false);
  const [fileInput, folderInput] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  /** Only what was chosen last stands in a field. */
  const choose = (chosen: Parameters<Source['choose']>[0], from?: HTMLInputElement): void => {
    for (const { current } of [fileInput, folderInput]) if (current && current !== from) current.value = '';
    onChoose(chosen);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    readDropped(event.dataTransfer.items).then((dropped) => dropped && choose(dropped), source.fail);
  };
  return (
    <Section title="File or folder">
      <div onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop} className={`grid gap-4 rounded-md border border-dashed p-4 sm:grid-cols-2 ${over ? 'border-accent bg-accent-soft' : 'border-line-strong/50'}`}>
        <div className="min-w-0">
          <label htmlFor="file" className="label">Table: CSV with a header, JSON, NDJSON, Parquet or Arrow</label>
          <input id="file" ref={fileInput} type="file" required={source.name === undefined} accept={tableFiles} onChange={(event) => choose(event.target.files?.[0], event.target)} className={look} />
        </div>
        <div className="min-w-0">
          <label htmlFor="folder" className="label">Folder: tables, images and texts, with their paths</label>
          <input id="folder" ref={folderInput} type="file" {...{ webkitdirectory: '' }} onChange={(event) => choose(event.target.files ? folderOf(event.target.files) : undefined, event.target)} className={look} />
        </div>
        <p className="hint sm:col-span-2">Or drop one of them here.</p>
      </div>
      {isPending && !folder && <div className="mt-3"><Progress label={readingText(progress)} value={progress?.total ? progress.done / progress.total : undefined} /></div>}
      {profile && file && <p className="mt-2" role="status"><span className="num break-all">{file.name}</span>: {count(profile.rows)} rows, {count(profile.columns.length)} columns, {bytes(file.size)}</p>}
      {folder && <FolderFiles source={source} folder={folder} />}
      {columns.length + harmful.length > 0 && <PersonalData columns={columns} harmful={harmful} agreed={agreed} onAgree={onAgree} />}
      {error !== undefined && <div className="mt-3"><Failure error={error} safe="Nothing has left this browser." /></div>}
      <DescriptionFile columns={profile?.columns} onFound={onFound} />
    </Section>
  );
}

function readingText(progress: Source['progress']): string {
  if (progress && 'part' in progress && progress.part) return t`Looking at ${progress.part.name} (${progress.part.number} of ${progress.part.of})`;
  return progress?.total ? t`Reading the table: ${bytes(progress.done)} of ${bytes(progress.total)}` : t`Reading…`;
}
