import { formatScore, scoresOf } from '@neurodata/engine';
import { type JobDto, type JobSpec, type Receipt, parseNcr } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { useNavigate } from 'react-router';
import { configQuery } from '../../queries/chain.ts';
import { usePublishModelMutation } from '../../queries/mutations.ts';
import { openModelMutation } from '../../queries/vault.ts';
import { Money } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';
import { unpointed } from '../../language/format.ts';

type PublishModelDialogProps = { job: JobDto; model: Blob | undefined; receipt: Receipt | undefined; train: JobSpec['train'] | undefined; onClose: () => void };

/** Title, description, licence and price; then the model is sealed and registered with its lineage. */
export function PublishModelDialog({ job, model, receipt, train, onClose }: PublishModelDialogProps): JSX.Element {
  const [title, setTitle] = useState(`${train?.target ?? 'Model'} from ${job.assetTitle}`.slice(0, 200));
  const [text, setText] = useState(receipt ? describe(receipt, train) : '');
  const [license, setLicense] = useState('CC-BY-4.0');
  const [price, setPrice] = useState('5');
  const [mayRead, setMayRead] = useState(false);
  const navigate = useNavigate();
  const { data: config } = useQuery(configQuery());
  const options = usePublishModelMutation();
  const open = useMutation(openModelMutation(job));
  const [failure, setFailure] = useState<unknown>();
  const register = useMutation(options);
  const submit = async (): Promise<void> => {
    setFailure(undefined);
    const amount = parseNcr(unpointed(price));
    const bytes = model ?? (await open.mutateAsync()).model;
    const { assetId } = await register.mutateAsync({ jobId: job.jobId, model: bytes, price: amount, validatorsMayRead: mayRead, description: { title: title.trim(), description: text.trim(), license: license.trim(), tags: train ? [train.algorithm] : [] } });
    void navigate(`/models/${assetId}`);
  };
  const busy = open.isPending || register.isPending;
  const error = failure ?? open.error ?? register.error;
  return (
    <Modal open onOpenChange={(open) => !open && !busy && onClose()} title="Publish model" description="The chain writes down the run and the dataset that it came from.">
      <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); submit().catch(setFailure); }}>
        <Field id="model-title" label="Title"><input id="model-title" required maxLength={200} value={title} onChange={(event) => setTitle(event.target.value)} className="field" /></Field>
        <Field id="model-text" label="Description"><textarea id="model-text" required rows={3} maxLength={20_000} value={text} onChange={(event) => setText(event.target.value)} className="field h-auto py-2" /></Field>
        <div className="grid grid-cols-2 gap-4">
          <Field id="model-license" label="Licence"><input id="model-license" required maxLength={200} value={license} onChange={(event) => setLicense(event.target.value)} className="field" /></Field>
          <Field id="model-price" label="Price in NCR"><input id="model-price" required inputMode="decimal" value={price} onChange={(event) => setPrice(event.target.value)} className="field num" /></Field>
        </div>
        <label className="flex items-start gap-3">
          <input type="checkbox" checked={mayRead} onChange={(event) => setMayRead(event.target.checked)} className="mt-0.5 size-4 accent-accent" />
          <span><span className="block font-medium">Validators may open the model</span><span className="hint">With it they check that what is sealed is the run’s model. Without it they check key shares, ciphertext and what is said here only, and the model’s page says so.</span></span>
        </label>
        <p className="text-sm text-muted">{config && <>Publishing costs <Money amount={config.roundFee * 2n} />: one fee for the validators’ round, one kept for a dispute. A bond of <Money amount={config.listingBond} /> comes back with the review. </>}Two transactions: the model, then the offer.</p>
        {error !== undefined && error !== null && <Failure error={error} safe="If the model was registered but not offered, it is on its page without a price." />}
        <div className="flex justify-end gap-2"><Button onClick={onClose} disabled={busy}>Cancel</Button><Button type="submit" look="primary" busy={busy}>Publish</Button></div>
      </form>
    </Modal>
  );
}

function Field({ id, label, children }: { id: string; label: string; children: JSX.Element }): JSX.Element {
  return <div><label htmlFor={id} className="label">{label}</label>{children}</div>;
}

/** What the model does and how well, in a sentence. */
function describe({ body: { metrics } }: Receipt, train: JobSpec['train'] | undefined): string {
  const [main] = scoresOf(metrics.task);
  const value = main && metrics.scores[main.name];
  const score = main && value !== null && value !== undefined ? `; ${main.title.toLowerCase()} ${formatScore(main.name, value)} on ${metrics.testRows} rows kept aside` : '';
  return `${train?.target ? `Predicts ${train.target}` : 'Learned without a target'}${score}.`;
}
