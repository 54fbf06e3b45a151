import type { Check } from '@neurodata/sdk';
import type { JSX } from 'react';
import type { Reexecution } from '../../workers/engine.worker.ts';
import { Hash } from '../Copy.tsx';
import { StatusMark } from '../Evidence.tsx';

const YOU = 'you, in this browser';

/** Whether the run's claim held to the bit. */
export function agrees(run: Reexecution): boolean {
  return run.sameModel && run.firstDifference === undefined && run.sameEngine && run.sameMetrics;
}

/** The receipt's checks, with re-execution filled in where it was done. */
export function checksWith(checks: Check[], run: Reexecution | undefined): Check[] {
  if (!run) return checks;
  const detail = agrees(run)
    ? `${run.checkpoints} checkpoints, metrics and model recomputed in ${run.seconds < 1 ? `${Math.ceil(run.seconds * 1000)} ms` : `${run.seconds.toFixed(1)} s`}, all the same`
    : whatDiffers(run);
  return [...checks.filter(({ name }) => name !== 'Re-execution'), { name: 'Re-execution', status: agrees(run) ? 'passed' : 'failed', detail, by: YOU }];
}

function whatDiffers(run: Reexecution): string {
  if (!run.sameEngine) return 'this browser has another engine than the run used';
  if (run.firstDifference === 0) return 'these are not the rows of the run: already the start state, which names them, differs';
  if (run.firstDifference !== undefined) return `the first differing checkpoint is ${run.firstDifference}`;
  return run.sameModel ? 'the metrics differ' : 'the model differs';
}

/** The verdict in one line, with the digest that was computed here. */
export function Verdict({ run, failed }: { run: Reexecution | undefined; failed: number }): JSX.Element {
  const ok = run ? agrees(run) && failed === 0 : failed === 0;
  const status = run ? (ok ? 'passed' : 'failed') : failed > 0 ? 'failed' : 'not-checked';
  const look = { passed: 'border-good/40 bg-good-soft', failed: 'border-bad/40 bg-bad-soft', 'not-checked': 'border-line bg-bg' }[status];
  return (
    <div role="status" data-testid="verify-result" data-verdict={run ? (ok ? 'same' : 'different') : failed > 0 ? 'receipt-failed' : 'receipt-passed'} className={`flex gap-3 rounded-md border p-4 ${look}`}>
      <StatusMark status={status} />
      <div className="min-w-0">
        <p className="font-medium">{headline(run, failed, ok)}</p>
        {run && <p className="mt-1 flex flex-wrap gap-x-2 text-sm text-muted">computed here <Hash value={run.modelDigest} label="recomputed model digest" keep={8} />{!run.sameModel && <>receipt says <Hash value={run.expectedModel} label="claimed model digest" keep={8} /></>}</p>}
      </div>
    </div>
  );
}

function headline(run: Reexecution | undefined, failed: number, ok: boolean): string {
  if (!run) return failed > 0 ? `${failed} of the receipt’s checks failed` : 'The receipt agrees with the chain; the run itself was not done again here';
  if (ok) return 'Same model hash, bit for bit';
  if (agrees(run)) return 'Same model hash, but the receipt failed other checks';
  if (run.firstDifference === 0) return 'These are not the rows of the run';
  return run.firstDifference === undefined ? 'Another result' : `Another result: the first differing checkpoint is ${run.firstDifference}`;
}
