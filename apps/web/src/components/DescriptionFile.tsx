import { type ImportedDescription, NeuroError, MOST_DESCRIPTION_BYTES, compareColumns, readDescription } from '@neurodata/protocol';
import { type JSX, useId, useState } from 'react';
import { Said } from '../language/Said.tsx';
import { t } from '../language/t.ts';
import { Failure } from './Feedback.tsx';

type Columns = Parameters<typeof compareColumns>[1];

/** A chooser of a description from elsewhere; what it says goes to `onFound`, and where it differs from the table is told here. */
export function DescriptionFile({ columns, onFound }: { columns: Columns | undefined; onFound: (found: ImportedDescription) => void }): JSX.Element {
  const id = useId();
  const [found, setFound] = useState<ImportedDescription>();
  const [error, setError] = useState<unknown>();
  const choose = async (file: File | undefined): Promise<void> => {
    setFound(undefined);
    setError(undefined);
    if (!file) return;
    try {
      if (file.size > MOST_DESCRIPTION_BYTES) throw new NeuroError(t`${file.name} has ${file.size} bytes, too many for a description.`, { code: 'TOO_LARGE', remedy: t`Choose a Croissant file, or a dataset-metadata.json of Kaggle.` });
      const read = readDescription(new Uint8Array(await file.arrayBuffer()));
      setFound(read);
      onFound(read);
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <div className="mt-4">
      <label htmlFor={id} className="label">Description from elsewhere, if there is one</label>
      <input id={id} type="file" accept=".json,.jsonld,application/json,application/ld+json" onChange={(event) => void choose(event.target.files?.[0])} className="field h-auto py-1.5 file:mr-3 file:rounded-sm file:border-0 file:bg-accent-soft file:px-3 file:py-1 file:text-accent" />
      <p className="hint mt-1">A Croissant file, or a dataset-metadata.json of Kaggle: fills in what you have not typed. Nothing is fetched from the addresses in it.</p>
      {error !== undefined && <div className="mt-3"><Failure error={error} safe="What you typed is as it was." /></div>}
      {found && (
        <div role="status" className="mt-2 grid gap-1 text-sm">
          <p>Read as {found.format === 'kaggle' ? 'metadata of Kaggle' : 'Croissant'}. Check what it filled in below.</p>
          {found.unknownLicense !== undefined && <p className="text-bad">It names the licence “{found.unknownLicense}”, which is not known here: type its SPDX id (such as CC0-1.0 or CC-BY-4.0) or its address.</p>}
          {columns && compareColumns(found.columns, columns).map((line) => <p key={line} className="text-muted"><Said text={line} /></p>)}
        </div>
      )}
    </div>
  );
}
