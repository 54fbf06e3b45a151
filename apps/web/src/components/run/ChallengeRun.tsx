import type { JobDto, JobSpec, Receipt } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { useWallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { useChallengeMutation } from '../../queries/mutations.ts';
import { findHeldOrder, ordersQuery } from '../../queries/orders.ts';
import { useVerification } from '../../queries/verification.ts';
import { useNow, When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure, Progress } from '../Feedback.tsx';
import { Modal } from '../Modal.tsx';
import { tableFiles } from '../tableFiles.ts';
import { ChallengeTerms } from './ChallengeTerms.tsx';
import { type Ground, groundOf } from './trial.ts';

type ChallengeRunProps = { job: JobDto; /** Once it was read. */ run: { receipt: Receipt; spec: JobSpec } | undefined };

/** While a verdict can be challenged: who has the rows runs it again here, and may put up a bond if the receipt is wrong. */
export function ChallengeRun({ job, run }: ChallengeRunProps): JSX.Element | null {
  const [open, setOpen] = useState(false);
  const wallet = useWallet();
  const late = useNow() > (job.deadline ?? Infinity);
  // A challenge of one's own whose game waits for one's checkpoints: without them the bond is lost.
  const own = job.challenges.find(({ challenger, stage }) => stage === 'playing' && challenger.toLowerCase() === wallet?.address.toLowerCase());
  if (late && !own && !open) return null;
  return (
    <div className="panel grid gap-3 p-5">
      <h2 className="text-lg">{own ? 'Your challenge waits for you' : 'Is it wrong?'}</h2>
      {own
        ? <p className="text-muted">Show your checkpoints{own.moveUntil !== undefined && <> <When at={own.moveUntil} /></>} at the latest, or the bond is lost.</p>
        : <p className="text-muted">Validators agreed. Who has the rows can run it again and challenge the result{job.deadline !== undefined && <>; the time for that ends <When at={job.deadline} /></>}.</p>}
      <Button look={own ? 'primary' : 'secondary'} disabled={!run} onClick={() => setOpen(true)}>{own ? 'Show your checkpoints' : 'Challenge'}</Button>
      {open && run && <ChallengeDialog job={job} {...run} challengeId={own?.challengeId} onClose={() => setOpen(false)} />}
    </div>
  );
}

type DialogProps = { job: JobDto; receipt: Receipt; spec: JobSpec; challengeId: number | undefined; onClose: () => void };

function ChallengeDialog({ job, receipt, spec, challengeId, onClose }: DialogProps): JSX.Element {
  const wallet = useWallet();
  const orders = useQuery({ ...ordersQuery({ buyer: wallet?.address, assetId: job.assetId }), enabled: wallet !== undefined });
  const held = wallet ? findHeldOrder(orders.data, job.version) : undefined;
  const { verify, stage, progress } = useVerification({ job, receipt, spec, held });
  const challenge = useMutation(useChallengeMutation());
  const total = receipt.body.checkpointDigests.length;
  const trial = verify.data?.trial;
  const ground = trial && groundOf(trial);
  const submit = (): void => trial && challenge.mutate({ jobId: job.jobId, digests: trial.run.digests, challengeId }, { onSuccess: onClose });
  return (
    <Modal open onOpenChange={(open) => !open && !verify.isPending && !challenge.isPending && onClose()} title="Challenge the result" description="First this browser runs it again. Nothing is sent and nothing is at stake until you sign.">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {!verify.isPending && (!ground || ground.kind === 'other-rows') && <Rows holds={held !== undefined} connected={wallet !== undefined} onRun={(file) => verify.mutate(file)} />}
        {verify.isPending && <Progress label={progress ? `${stage}: checkpoint ${progress.done} of ${total}` : stage} value={progress ? progress.done / total : undefined} />}
        {verify.isError && <Failure error={verify.error} safe="Nothing was sent." />}
        {ground && <p role="status" data-testid="challenge-ground" data-ground={ground.kind} className={`rounded-md border px-3 py-2 ${ground.kind === 'wrong' ? 'border-bad/40 bg-bad-soft' : 'border-line bg-bg'}`}>{groundText(ground)}</p>}
        {ground?.kind === 'wrong' && challengeId === undefined && <ChallengeTerms />}
        {challenge.isError && <Failure error={challenge.error} safe="If the challenge was opened, this page shows it, and asks for your checkpoints. Otherwise no bond was taken." />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose} disabled={verify.isPending || challenge.isPending}>{ground?.kind === 'wrong' ? 'Leave it' : 'Close'}</Button>
          {ground?.kind === 'wrong' && <Button look="danger" busy={challenge.isPending} onClick={submit}>{challengeId === undefined ? 'Sign and challenge' : 'Show my checkpoints'}</Button>}
        </div>
      </div>
    </Modal>
  );
}

function groundText(ground: Ground): string {
  if (ground.kind === 'none') return t`Same model, metrics and checkpoints, bit for bit. There is nothing to challenge; a bond would be lost.`;
  if (ground.kind === 'other-rows') return t`This file holds other rows than the run used. It says nothing about the run.`;
  if (ground.kind === 'other-engine') return t`This browser has another engine than the run used. It says nothing about the run.`;
  return t`Another result here: ${ground.what}.`;
}

function Rows({ holds, connected, onRun }: { holds: boolean; connected: boolean; onRun: (file?: File) => void }): JSX.Element {
  return (
    <div className="grid gap-3">
      {holds && <p>You bought these rows. They are unsealed here and trained on again.</p>}
      {!holds && <p className="text-muted">{connected ? 'This wallet has not bought the rows.' : 'Choose the wallet that bought the rows.'} If you have the file, choose it.</p>}
      {!holds && connected && (
        <div>
          <label htmlFor="challenge-file" className="label">The dataset’s file</label>
          <input id="challenge-file" type="file" accept={tableFiles} className="field h-auto py-1.5" onChange={(event) => { const file = event.target.files?.[0]; if (file) onRun(file); }} />
        </div>
      )}
      {holds && <Button look="primary" onClick={() => onRun()}>Run it again</Button>}
    </div>
  );
}
