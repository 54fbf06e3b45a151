import type { JobDto, JobState, Progress as RunProgress, ReceiptBody } from '@neurodata/protocol';
import type { JSX } from 'react';
import { precise } from '../../language/format.ts';
import { Said } from '../../language/Said.tsx';
import { t } from '../../language/t.ts';
import { When } from '../Amounts.tsx';
import { roundSentence } from '../roundSentence.ts';
import { Progress } from '../Feedback.tsx';
import { Section } from '../Layout.tsx';
import { type Step, Stepper } from '../Stepper.tsx';
import { LossCurve } from './LossCurve.tsx';
import { timeLeft } from './timeLeft.ts';

const behind: Record<JobState, number> = { none: 0, open: 1, claimed: 2, cancelled: 2, submitted: 3, accepted: 4, rejected: 3, settled: 6, slashed: 3, refunded: 2 };

const ended: ReadonlySet<JobState> = new Set(['none', 'settled', 'slashed', 'refunded']);

const stageWords: Record<RunProgress['stage'], string> = {
  waiting: t`Waiting for a worker`, fetching: t`Worker fetches the sealed rows`, unsealing: t`Worker unseals the rows`, training: t`Training`, sealing: t`Worker seals model and checkpoints`,
  submitting: t`Worker hands in the receipt`, validating: t`Validators run it again`, done: t`Done`, failed: t`The worker stopped`,
};

function stepsOf(job: JobDto): Step[] {
  // The last one: a run may have been taken over.
  const at = (event: string) => job.activity.findLast((line) => line.event === event)?.at;
  const note = (event: string) => {
    const moment = at(event);
    return moment === undefined ? '' : <When at={moment} />;
  };
  const ordered: Step = { name: t`Ordered`, note: <When at={job.openedAt} /> };
  if (job.state === 'refunded') return [ordered, { name: t`Refunded`, note: note('JobRefunded') }];
  return [
    ordered,
    { name: t`Worker drawn`, note: note('JobClaimed') },
    { name: t`Trained`, note: note('ReceiptSubmitted') },
    { name: job.state === 'slashed' || job.state === 'rejected' ? t`Rejected` : t`Run again`, note: job.round ? roundSentence(job.round) : '' },
    { name: job.challenges.length > 0 ? t`Challenged` : t`Open to challenge`, note: challengeNote(job) },
    { name: t`Settled`, note: note('JobSettled') },
  ];
}

/** Until when the verdict can be challenged, or what became of the challenges. */
function challengeNote(job: JobDto): JSX.Element | string {
  const open = job.challenges.filter(({ stage }) => stage !== 'over').length;
  if (open > 0) return t`${open} open`;
  if (job.challenges.length > 0) return job.challenges.some(({ outcome }) => outcome === 'overturned' || outcome === 'overlooked' || outcome === 'silence' || outcome === 'canary') ? t`overturned` : t`withstood`;
  return (job.state === 'accepted' || job.state === 'rejected') && job.deadline !== undefined ? <>until <When at={job.deadline} /></> : '';
}

/** Where the run is: stages, progress with a number, and the loss as it falls. */
export function Stages({ job, body }: { job: JobDto; body: Pick<ReceiptBody, 'lossCurve' | 'steps' | 'metrics'> | undefined }): JSX.Element {
  // The receipt's curve is signed; until there is one, the worker's own news of it are shown.
  const losses = body?.lossCurve ?? job.progress?.lossCurve ?? [];
  const fitsBefore = body?.metrics.search !== undefined || body?.metrics.validation !== undefined;
  const steps = fitsBefore ? undefined : (body?.steps ?? job.progress?.step ?? 0);
  const running = !ended.has(job.state);
  return (
    <Section title="Progress" aside={running && job.deadline !== undefined ? <span className="text-sm text-muted">due <When at={job.deadline} /></span> : undefined}>
      <Stepper steps={stepsOf(job)} done={behind[job.state]} failed={job.state === 'slashed'} />
      {running && <div className="mt-6" aria-live="polite"><Working job={job} /></div>}
      {losses.length > 1 && (
        <div className="mt-6"><LossCurve losses={losses} steps={steps} /></div>
      )}
    </Section>
  );
}

function Working({ job }: { job: JobDto }): JSX.Element {
  const { progress } = job;
  if (job.state === 'cancelled') return <Progress label="Cancelled: the worker may still hand in the steps that it has made" />;
  if (job.state === 'accepted' || job.state === 'rejected') return <Progress label={job.challenges.some(({ stage }) => stage !== 'over') ? 'Referees look at a challenge' : 'The verdict waits for challenges'} />;
  if (job.state === 'open' && job.lost.length > 0) return <Progress label="Its worker fell silent: the chain draws another one, for the same money" />;
  if (!progress) return <Progress label={job.state === 'open' ? 'The chain draws a worker' : 'Waiting for news of the worker'} />;
  if (progress.stage === 'training') return <Progress label={`Training, step ${progress.step} of at most ${progress.maxSteps}${progress.loss === undefined ? '' : t`, loss ${precise(progress.loss, 5)}`}${timeLeft(progress.secondsLeft)}`} value={progress.maxSteps > 0 ? progress.step / progress.maxSteps : undefined} />;
  return <><Progress label={stageWords[progress.stage]} />{progress.message && <p className="mt-2 text-muted"><Said text={progress.message} /></p>}</>;
}
