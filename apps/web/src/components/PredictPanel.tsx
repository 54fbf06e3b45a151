import { useMutation, useQuery } from '@tanstack/react-query';
import { type DragEvent, type JSX, useId, useState } from 'react';
import { fixed } from '../language/format.ts';
import { modelInfoQuery, predictMutation } from '../queries/vault.ts';
import type { Predicted } from '../workers/engine.worker.ts';
import { csvCell, outputsOf } from '../workers/predictionCsv.ts';
import { plural } from './Amounts.tsx';
import { Button } from './Button.tsx';
import { Failure } from './Feedback.tsx';
import { Table } from './Layout.tsx';
import { RowForm } from './RowForm.tsx';
import { saveFile } from './saveFile.ts';
import { tableFiles } from './tableFiles.ts';

const SHOWN = 50;

/** Bytes of a file that are shown to be changed; more would hold the page up. */
const MOST_SHOWN_BYTES = 100_000;

/** Fill in one row, or paste or drop many; get predictions as a table and as CSV. `model` is the engine's own format. */
export function PredictPanel({ model }: { model: Blob }): JSX.Element {
  const [text, setText] = useState('');
  const [many, setMany] = useState(false);
  const id = useId();
  const { data: info } = useQuery(modelInfoQuery(id, model));
  const run = useMutation(predictMutation(model));
  const header = info?.features.map(({ name }) => csvCell(name)).join(',') ?? '';
  // A short text can be looked at and changed first; a long one, or what is none, as Parquet, is predicted as it is.
  const takeFile = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const written = file.size > MOST_SHOWN_BYTES ? undefined : textOf(new Uint8Array(await file.arrayBuffer()));
    if (written === undefined) run.mutate(file);
    else setText(written);
  };
  const take = (event: DragEvent): void => {
    event.preventDefault();
    void takeFile(event.dataTransfer.files[0]);
  };
  return (
    <div className="grid gap-4">
      {info && <p className="text-muted">Predicts <b className="font-medium text-text">{info.target ?? info.task}</b>{info.classes.length > 0 && ` (${info.classes.join(', ')})`} from {plural(info.features.length, 'column')}.</p>}
      <div role="group" aria-label="How many rows" className="flex gap-1">
        <Button size="small" look={many ? 'quiet' : 'secondary'} aria-pressed={!many} onClick={() => setMany(false)}>One row</Button>
        <Button size="small" look={many ? 'secondary' : 'quiet'} aria-pressed={many} onClick={() => setMany(true)}>Many rows</Button>
      </div>
      {info && !many && <RowForm features={info.features} busy={run.isPending} onRow={(cells) => run.mutate(`${header}\n${cells.map(csvCell).join(',')}`)} />}
      {many && <div>
        <label htmlFor={id} className="label">Rows as CSV with a header, or as JSON</label>
        <textarea id={id} rows={6} spellCheck={false} value={text} placeholder={`${header}\n…`} onChange={(event) => setText(event.target.value)} onDragOver={(event) => event.preventDefault()} onDrop={take} className="field num h-auto py-2" />
        <div className="mt-2 flex flex-wrap gap-2">
          <Button look="primary" disabled={text.trim() === ''} busy={run.isPending} onClick={() => run.mutate(text.trimEnd())}>Predict</Button>
          <FileButton onFile={(file) => void takeFile(file)} />
          {text === '' && header !== '' && <Button look="quiet" onClick={() => setText(`${header}\n`)}>Insert the header</Button>}
        </div>
      </div>}
      {run.isError && <Failure error={run.error} safe="Nothing left this browser." />}
      {run.data && <Predictions prediction={run.data} />}
    </div>
  );
}

/** The text of UTF-8 bytes, or undefined. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function FileButton({ onFile }: { onFile: (file: File | undefined) => void }): JSX.Element {
  const id = useId();
  return (
    <label htmlFor={id} className="inline-flex h-9 items-center rounded-md border border-line-strong/60 px-4 font-medium focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent hover:border-line-strong">
      Choose a file
      <input id={id} type="file" accept={tableFiles} className="sr-only" onChange={(event) => onFile(event.target.files?.[0])} />
    </label>
  );
}

function Predictions({ prediction }: { prediction: Predicted }): JSX.Element {
  const { rows, labels, columns } = prediction;
  return (
    <div>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <p className="font-medium" role="status">{plural(rows, 'prediction')}</p>
        <Button size="small" onClick={() => saveFile({ bytes: prediction.csv, fileName: 'predictions.csv', mediaType: 'text/csv' })}>Download as CSV</Button>
      </div>
      <Table label="Predictions" head={['Row', 'Prediction', ...columns]} numeric={columns.map((_, index) => index + 2)}>
        {Array.from({ length: Math.min(rows, SHOWN) }, (_, row) => (
          <tr key={row}>
            <td className="num text-muted">{row + 1}</td>
            <td className="font-medium">{labels[row]}</td>
            {outputsOf(prediction, row).map((value, index) => <td key={columns[index]} className="num text-right" title={String(value)}>{fixed(value, 4)}</td>)}
          </tr>
        ))}
      </Table>
      {rows > SHOWN && <p className="mt-2 text-sm text-muted">The first {SHOWN} are shown; the CSV has all.</p>}
    </div>
  );
}
