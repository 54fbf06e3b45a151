import type { JSX } from 'react';
import { Hash } from '../Copy.tsx';
import { StatusMark } from '../StatusMark.tsx';
import { type Trial, agrees, headline, isOtherRows } from './trial.ts';

/** The verdict in one line, with the digest that was computed here. */
export function Verdict({ trial, failed }: { trial: Trial | undefined; failed: number }): JSX.Element {
  const run = trial && !isOtherRows(trial) ? trial.run : undefined;
  const ok = run !== undefined && agrees(run) && failed === 0;
  const status = ok ? 'passed' : run || failed > 0 ? 'failed' : 'not-checked';
  const verdict = trial && !run ? 'other-rows' : run ? (ok ? 'same' : 'different') : failed > 0 ? 'receipt-failed' : 'receipt-passed';
  const look = { passed: 'border-good/40 bg-good-soft', failed: 'border-bad/40 bg-bad-soft', 'not-checked': 'border-line bg-bg' }[status];
  return (
    <div role="status" data-testid="verify-result" data-verdict={verdict} className={`flex gap-3 rounded-md border p-4 ${look}`}>
      <StatusMark status={status} />
      <div className="min-w-0">
        <p className="font-medium">{trial && !run ? 'Your file holds other rows than the run used; the run was not checked' : headline(run, failed, ok)}</p>
        {run && <p className="mt-1 flex flex-wrap gap-x-2 text-sm text-muted">computed here <Hash value={run.modelDigest} label="recomputed model digest" keep={8} />{!run.sameModel && <>receipt says <Hash value={run.expectedModel} label="claimed model digest" keep={8} /></>}</p>}
      </div>
    </div>
  );
}
