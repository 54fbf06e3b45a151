import type { JobDto, JobSpec, Receipt } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { openModelMutation } from '../../queries/vault.ts';
import { bytes } from '../Amounts.tsx';
import { Button, ButtonLink } from '../Button.tsx';
import { shorten } from '../Copy.tsx';
import { StatusMark } from '../StatusMark.tsx';
import { Failure, Progress } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';
import { PredictPanel } from '../PredictPanel.tsx';
import { saveBlob } from '../saveFile.ts';
import { PublishModelDialog } from './PublishModelDialog.tsx';

type ModelActionsProps = { job: JobDto; receipt: Receipt | undefined; spec: JobSpec | undefined };

/** For whoever paid for the run: open the model, use it, publish it. */
export function ModelActions({ job, receipt, spec }: ModelActionsProps): JSX.Element {
  const [publishing, setPublishing] = useState(false);
  const [predicting, setPredicting] = useState(false);
  const open = useMutation(openModelMutation(job));
  const model = open.data?.model;
  const settled = job.state === 'settled';
  return (
    <div className="panel grid gap-3 p-5">
      <h2 className="text-lg">Your model</h2>
      {!settled && <p className="text-muted">{job.state === 'submitted' ? 'The worker has handed it in, sealed to you. Validators are running it again; wait for them before you rely on it.' : 'Validators did not accept this run.'}</p>}
      {model && receipt && (
        <p className="flex gap-2 text-sm text-muted"><StatusMark status="passed" /><span>{bytes(model.size)}; its sha256 is <span className="num">{shorten(receipt.body.modelDigest)}</span>, as on chain. Checked by you.</span></p>
      )}
      {open.isPending && <Progress label="Unsealing the model" />}
      {!model && !open.isPending && <Button look={settled ? 'primary' : 'secondary'} onClick={() => open.mutate()}>Open model</Button>}
      {open.isError && <Failure error={open.error} safe="The model stays sealed to you and can be opened later." />}
      {model && (
        <>
          <Button look="primary" onClick={() => setPredicting(true)}>Predict</Button>
          <Button onClick={() => saveBlob({ file: model, fileName: `model-${job.jobId.slice(4, 12)}.ndm` })}>Download model</Button>
        </>
      )}
      {settled && job.modelAssetId === undefined && <Button onClick={() => setPublishing(true)}>Publish model</Button>}
      {job.modelAssetId !== undefined && <ButtonLink to={`/models/${job.modelAssetId}`}>See the published model</ButtonLink>}
      {publishing && <PublishModelDialog job={job} model={model} receipt={receipt} train={spec?.train} onClose={() => setPublishing(false)} />}
      {predicting && model && <Modal open onOpenChange={setPredicting} title="Predict" description="In your browser; rows are sent nowhere."><PredictPanel model={model} /></Modal>}
    </div>
  );
}
