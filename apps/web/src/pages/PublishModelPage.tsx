import { type ModelReport, parseNcr } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Signer } from '../client/connect.ts';
import { useWallet } from '../client/wallet.ts';
import { Money, bytes } from '../components/Amounts.tsx';
import { Button } from '../components/Button.tsx';
import { Failure, Progress } from '../components/Feedback.tsx';
import { PageTitle, Section } from '../components/Layout.tsx';
import { Field } from '../components/PublishFields.tsx';
import { WalletNeeded } from '../components/WalletNeeded.tsx';
import { EvaluationFields } from '../components/publish/EvaluationFields.tsx';
import { TestResult } from '../components/publish/TestResult.tsx';
import { publishingText } from '../components/publish/publishingText.ts';
import { type ModelDraft, askedOf, descriptionOf, emptyModelDraft } from '../components/publish/modelDraft.ts';
import { unpointed } from '../language/format.ts';
import { configQuery } from '../queries/chain.ts';
import { measureMutation, usePublishOnnx } from '../queries/publishOnnx.ts';

/** Test an ONNX file, seal it in this browser, register it with what is claimed of it, and offer it. */
export function PublishModelPage(): JSX.Element {
  const wallet = useWallet();
  return (
    <>
      <PageTitle title="Publish a model" aside={<Link className="link" to="/publish">Publish a dataset instead</Link>}>An ONNX file of your own, tested and sealed in this browser. Models of training runs are published on their run’s page, with the run as their proof.</PageTitle>
      {wallet ? <ModelForm wallet={wallet} /> : <WalletNeeded what="A model needs an owner." />}
    </>
  );
}

function ModelForm({ wallet }: { wallet: Signer }): JSX.Element {
  const [draft, setDraft] = useState<ModelDraft>(emptyModelDraft);
  const [onnx, setOnnx] = useState<File>();
  const [table, setTable] = useState<File>();
  const [despite, setDespite] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const navigate = useNavigate();
  const { data: config } = useQuery(configQuery());
  const measure = useMutation(measureMutation(wallet));
  const { publish, progress } = usePublishOnnx(wallet, (assetId) => void navigate(`/models/${assetId}`));
  const { data: measured } = measure;
  const stale = measured !== undefined && measured.asked !== askedOf(draft, { onnx, table });
  const broken = measured?.report.claims.filter(({ holds }) => !holds).length ?? 0;
  const mayPublish = onnx !== undefined && measured?.report.ran === true && !stale && (broken === 0 || despite);
  const choose = (file: File | undefined): void => {
    setOnnx(file);
    measure.reset();
    if (!file) return;
    // Read first, measured when it is said on what: the signature is needed for that.
    measure.mutate({ draft: { ...draft, measureOn: 'nothing' }, onnx: file, table: undefined }, {
      onSuccess: ({ report }) => setDraft((now) => ({ ...now, title: now.title || titleOf(file), description: now.description || sentenceOf(report) })),
    });
  };
  const submit = (): void => {
    setFailure(undefined);
    try {
      const price = draft.price.trim() === '' ? undefined : parseNcr(unpointed(draft.price));
      if (mayPublish) publish.mutate({ onnx, description: descriptionOf(draft), validatorsMayRead: draft.validatorsMayRead, measured, ...(price === undefined ? {} : { price }) });
    } catch (error) {
      setFailure(error);
    }
  };
  const text = (name: 'title' | 'description' | 'license' | 'tags' | 'source' | 'price') => ({ id: name, value: draft[name], onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [name]: event.target.value }) });
  return (
    <form className="grid max-w-[760px] gap-6" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <Section title="File">
        <label htmlFor="file" className="label">ONNX model</label>
        <input id="file" type="file" required accept=".onnx" onChange={(event) => choose(event.target.files?.[0])} className="field h-auto py-1.5 file:mr-3 file:rounded-sm file:border-0 file:bg-accent-soft file:px-3 file:py-1 file:text-accent" />
        {onnx && <p className="mt-2" role="status">{bytes(onnx.size)}{measure.isPending ? ', being tested…' : ''}</p>}
      </Section>
      <Section title="About the model">
        <div className="grid gap-4">
          <Field id="title" label="Title"><input {...text('title')} required maxLength={200} className="field" /></Field>
          <Field id="description" label="Description"><textarea {...text('description')} required rows={3} maxLength={20_000} className="field h-auto py-2" /></Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field id="license" label="Licence" help="SPDX id or address"><input {...text('license')} required maxLength={200} className="field" /></Field>
            <Field id="tags" label="Tags" help="Separated by commas"><input {...text('tags')} className="field" /></Field>
            <Field id="source" label="Source" help="Where it comes from, if it is public"><input {...text('source')} maxLength={1000} className="field" /></Field>
            <Field id="price" label="Download, NCR" help="Empty: not offered"><input {...text('price')} inputMode="decimal" className="field num" /></Field>
          </div>
        </div>
      </Section>
      <EvaluationFields draft={draft} onChange={setDraft} onTable={setTable} signature={measured?.report.signature} />
      {measured && <TestResult measured={measured} stale={stale} />}
      {measure.isError && <Failure error={measure.error} safe="Nothing was published." />}
      {broken > 0 && !stale && (
        <label className="flex items-start gap-3">
          <input type="checkbox" checked={despite} onChange={(event) => setDespite(event.target.checked)} className="mt-0.5 size-4 accent-accent" />
          <span><span className="block font-medium">Publish although a claim does not hold</span><span className="hint">The model’s page shows both figures to everybody.</span></span>
        </label>
      )}
      {publish.isPending && <Progress label={publishingText(progress)} value={progress?.total ? progress.done / progress.total : undefined} />}
      {(failure !== undefined || publish.isError) && <Failure error={failure ?? publish.error} safe="The model never leaves this browser unsealed. If it was registered already, it is on its page, perhaps without a price." />}
      <div className="flex flex-wrap items-center justify-between gap-4">
        <p className="max-w-[52ch] text-sm text-muted">{config && <>Costs <Money amount={config.roundFee * 2n} /> for validation, and a bond of <Money amount={config.listingBond} /> that comes back with the review. </>}Ciphertext is public and permanent: revoking a version stops new grants, it does not delete.{draft.measureOn === 'file' && ' So are all rows of the table, unsealed.'}</p>
        <div className="flex gap-2">
          <Button busy={measure.isPending} disabled={!onnx} onClick={() => onnx && measure.mutate({ draft, onnx, table })}>{draft.measureOn === 'nothing' ? 'Test' : 'Measure'}</Button>
          <Button type="submit" look="primary" busy={publish.isPending} disabled={!mayPublish}>Seal and publish</Button>
        </div>
      </div>
    </form>
  );
}

function titleOf({ name }: File): string {
  return name.replace(/\.onnx$/i, '').replaceAll(/[-_]+/g, ' ');
}

/** What a model takes and gives, in a sentence. */
function sentenceOf({ signature }: ModelReport): string {
  const names = (ports: { name: string }[]): string => ports.slice(0, 20).map(({ name }) => name).join(', ');
  return signature ? `An ONNX model: takes ${names(signature.inputs)}; gives ${names(signature.outputs)}.` : '';
}
