import type { DisputeDto } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { Paperclip, X } from 'lucide-react';
import { type JSX, type ReactNode, useId, useState } from 'react';
import type { Wallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { useEvidenceMutation } from '../../queries/disputes.ts';
import { bytes, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { useKept } from '../useKept.ts';
import { useShell } from '../useShell.ts';

const GAS = 60_000;
const MAX_TEXT = 5_000;
/** The SDK takes no more. */
const MAX_FILES = 10;
const MAX_FILE_BYTES = 20 * 1024 * 1024;

type AddEvidenceProps = { dispute: DisputeDto; wallet: Wallet | undefined; /** "buyer", where the wallet has a part in the dispute. */ part: string | undefined };

/** Text and files that jurors read: stored publicly, their address on chain. */
export function AddEvidence({ dispute, wallet, part }: AddEvidenceProps): JSX.Element {
  const id = useId();
  const [text, setText] = useKept(`evidence-${dispute.disputeId}`);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [asked, setAsked] = useState<Ask>();
  const add = useMutation(useEvidenceMutation());
  const { show } = useShell();
  const wrong = wrongIn(files);
  const said = text.trim();
  if (!wallet) return <p className="flex flex-wrap items-center gap-3 text-muted">Whoever adds something signs with a wallet. <Button size="small" onClick={() => show('wallet')}>Choose a wallet</Button></p>;
  const submit = (): void => {
    if (said === '' || wrong) return;
    setAsked({
      title: t`Add evidence to dispute ${dispute.disputeId}`, gas: GAS, button: t`Sign and add`,
      text: t`Everybody can read it, for good: text and files are stored publicly, and their address goes on chain with yours. Nothing of it can be taken back.`,
      lines: [[t`You speak as`, part ?? t`somebody without a part in it`], [t`Text`, plural(said.length, 'character')], ...(files.length > 0 ? [[t`Files`, <span key="files" className="wrap-anywhere">{files.map(({ name }) => name).join(', ')}</span>]] satisfies [string, ReactNode][] : [])],
      act: () => add.mutateAsync({ disputeId: dispute.disputeId, text: said, files }),
    });
  };
  return (
    <form noValidate className="grid max-w-[72ch] gap-3" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <div>
        <label htmlFor={id} className="label">What jurors should know</label>
        <textarea id={id} rows={4} maxLength={MAX_TEXT} value={text} onChange={(event) => setText(event.target.value)} className="field h-auto py-2" aria-describedby={`${id}-hint`} />
        <p id={`${id}-hint`} className="hint mt-1">Public and permanent: leave personal data and sealed rows out.</p>
      </div>
      {files.length > 0 && (
        <ul className="grid gap-1" aria-label="Chosen files">
          {files.map((file, index) => (
            <li key={`${file.name} ${index}`} className="flex items-center gap-2"><span className="min-w-0 truncate">{file.name}</span><span className="shrink-0 text-sm text-muted">{bytes(file.size)}</span>
              <button type="button" aria-label={`Remove ${file.name}`} onClick={() => setFiles(files.filter((_, other) => other !== index))} className="grid size-6 shrink-0 place-items-center rounded-md text-muted hover:bg-line/50 hover:text-text"><X size={14} /></button>
            </li>
          ))}
        </ul>
      )}
      {wrong && <p role="alert" className="text-sm text-bad">{wrong}</p>}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" disabled={said === '' || wrong !== undefined}>Add evidence</Button>
        <label className="inline-flex h-9 cursor-pointer items-center gap-2 rounded-md border border-line-strong/60 px-4 font-medium focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent hover:border-line-strong">
          <Paperclip size={14} aria-hidden="true" />Attach files<input type="file" multiple className="sr-only" onChange={(event) => { setFiles([...files, ...(event.target.files ?? [])]); event.target.value = ''; }} />
        </label>
      </div>
      {asked && <SignDialog ask={asked} onClose={() => setAsked(undefined)} onDone={() => { setText(''); setFiles([]); }} />}
    </form>
  );
}

function wrongIn(files: readonly File[]): string | undefined {
  const large = files.find(({ size }) => size > MAX_FILE_BYTES);
  if (large) return t`${large.name} is larger than ${bytes(MAX_FILE_BYTES)}: give the part that shows it.`;
  return files.length > MAX_FILES ? t`At most ${MAX_FILES} files go with one text.` : undefined;
}
