import type { JobDto, JobSpec, Receipt } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import { type JSX, useEffect, useId, useRef } from 'react';
import { useLocation } from 'react-router';
import { useWallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { findHeldOrder, ordersQuery } from '../../queries/orders.ts';
import { useVerification } from '../../queries/verification.ts';
import type { CheckpointSeen } from '../../workers/engine.worker.ts';
import { Button } from '../Button.tsx';
import { Checks } from '../Evidence.tsx';
import { Failure, Progress } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { tableFiles } from '../tableFiles.ts';
import { timeLeft } from './timeLeft.ts';
import { type Trial, checksWith } from './trial.ts';
import { Verdict } from './Verdict.tsx';

type VerifyPanelProps = { job: JobDto; receipt: Receipt; spec: JobSpec };

/**
 * Verification by the reader: whoever holds the rows runs the training again in a worker and compares every
 * checkpoint; whoever does not checks everything else of the receipt.
 */
export function VerifyPanel({ job, receipt, spec }: VerifyPanelProps): JSX.Element {
  const wallet = useWallet();
  const orders = useQuery({ ...ordersQuery({ buyer: wallet?.address, assetId: job.assetId }), enabled: wallet !== undefined });
  const held = wallet ? findHeldOrder(orders.data, job.version) : undefined;
  const { verify, stage, seen, progress } = useVerification({ job, receipt, spec, held });
  const total = receipt.body.checkpointDigests.length;
  const place = useRef<HTMLDivElement>(null);
  const { hash } = useLocation();
  // The panel comes after the page, when the receipt has been read: the browser's own jump is over by then.
  useEffect(() => { if (hash === '#verification') place.current?.scrollIntoView(); }, [hash]);
  return (
    <div ref={place} id="verification" className="min-w-0 scroll-mt-20">
      <Section title="Verification" aside={<span className="text-sm text-muted">by you, not by this node</span>}>
        {!verify.isPending && <Ask holds={held !== undefined} connected={wallet !== undefined} again={verify.isSuccess} onVerify={(file) => verify.mutate(file)} />}
        {verify.isPending && <Progress label={progress ? `${stage}: checkpoint ${progress.done} of ${total}${timeLeft(progress.secondsLeft)}` : stage} value={progress ? progress.done / total : undefined} />}
        <Strip seen={seen} total={total} />
        {verify.isError && <div className="mt-4"><Failure error={verify.error} safe="Nothing is proved or disproved by this, and nothing has changed." /></div>}
        {verify.data && <Outcome trial={verify.data.trial} checks={checksWith(verify.data.checks, verify.data.trial)} />}
      </Section>
    </div>
  );
}

function Ask({ holds, connected, again, onVerify }: { holds: boolean; connected: boolean; again: boolean; onVerify: (file?: File) => void }): JSX.Element {
  const id = useId();
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="max-w-[52ch] text-muted">
        {holds
          ? 'You bought these rows, so this browser can train again and compare every checkpoint and the model, bit for bit.'
          : `Everything except re-execution can be checked without the rows${connected ? '' : t`; choose the wallet that bought them`}. `}
        {!holds && <>If you have the file, <label htmlFor={id} className="link focus-within:outline-2">choose it<input id={id} type="file" accept={tableFiles} className="sr-only" onChange={(event) => { const file = event.target.files?.[0]; if (file) onVerify(file); }} /></label> to train again.</>}
      </p>
      <Button look={again ? 'secondary' : 'primary'} onClick={() => onVerify()}>{again ? 'Verify again' : 'Verify in your browser'}</Button>
    </div>
  );
}

/** One square a checkpoint, filled as it is recomputed. */
function Strip({ seen, total }: { seen: CheckpointSeen[]; total: number }): JSX.Element | null {
  if (seen.length === 0) return null;
  return (
    <ol aria-label="Checkpoints" className="mt-4 flex flex-wrap gap-1">
      {Array.from({ length: Math.max(total, seen.length) }, (_, step) => {
        const checkpoint = seen[step];
        const state = checkpoint === undefined ? 'to come' : checkpoint.digest === checkpoint.expected ? 'same' : 'different';
        const look = { 'to come': 'border-line-strong/50', same: 'border-good bg-good', different: 'border-bad bg-bad' }[state];
        const said = { 'to come': t`to come`, same: t`same`, different: t`different` }[state];
        return <li key={step} title={`Checkpoint ${step}: ${said}${checkpoint ? `, ${checkpoint.digest}` : ''}`} className={`size-3 rounded-[2px] border ${look}`}><span className="sr-only">Checkpoint {step}: {said}</span></li>;
      })}
    </ol>
  );
}

function Outcome({ trial, checks }: { trial: Trial | undefined; checks: Parameters<typeof Checks>[0]['checks'] }): JSX.Element {
  const failed = checks.filter(({ status }) => status === 'failed').length;
  return (
    <div className="mt-5 grid gap-5">
      <Verdict trial={trial} failed={failed} />
      <Checks label="What was checked" checks={checks} />
    </div>
  );
}
