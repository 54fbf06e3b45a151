import type { Check } from '@neurodata/sdk';
import { fixed } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import type { Reexecution } from '../../workers/engine.worker.ts';

const YOU = t`you, in this browser`;

/** Whether the run's claim held to the bit. */
export function agrees(run: Reexecution): boolean {
  return run.sameModel && run.firstDifference === undefined && run.sameEngine && run.sameMetrics;
}

/** A re-execution and what it ran on: rows whose commitments were checked against the chain, or a file of the reader's. */
export type Trial = { run: Reexecution; rows: 'bought' | 'file' };

/** A file that is not the run's input proves nothing: the start state, which names the rows, differs already. */
export function isOtherRows({ run, rows }: Trial): boolean {
  return rows === 'file' && run.firstDifference === 0;
}

/** The receipt's checks, with re-execution filled in where it was done. */
export function checksWith(checks: Check[], trial: Trial | undefined): Check[] {
  if (!trial) return checks;
  const { run } = trial;
  const others = checks.filter(({ name }) => name !== 'Re-execution');
  if (isOtherRows(trial)) return [...others, { name: t`Re-execution`, status: 'not-checked', detail: t`the file holds other rows than the run used: already the start state, which names them, differs`, by: t`nobody here` }];
  const detail = agrees(run)
    ? t`${run.digests.length} checkpoints, metrics and model recomputed in ${run.seconds < 1 ? `${Math.ceil(run.seconds * 1000)} ms` : `${fixed(run.seconds, 1)} s`}, all the same`
    : whatDiffers(run);
  return [...others, { name: t`Re-execution`, status: agrees(run) ? 'passed' : 'failed', detail, by: YOU }];
}

function whatDiffers(run: Reexecution): string {
  if (!run.sameEngine) return t`this browser has another engine than the run used`;
  if (run.firstDifference !== undefined) return t`the first differing checkpoint is ${run.firstDifference}`;
  return run.sameModel ? t`the metrics differ` : t`the model differs`;
}

/** The outcome in one line. */
export function headline(run: Reexecution | undefined, failed: number, ok: boolean): string {
  if (!run) return failed > 0 ? t`${failed} of the receipt’s checks failed` : t`The receipt agrees with the chain; the run itself was not done again here`;
  if (ok) return t`Same model hash, bit for bit`;
  if (agrees(run)) return t`Same model hash, but the receipt failed other checks`;
  return run.firstDifference === undefined ? t`Another result` : t`Another result: the first differing checkpoint is ${run.firstDifference}`;
}

/** Whether a re-execution is ground for a challenge, and if so, what differs. */
export type Ground = { kind: 'none' } | { kind: 'other-rows' } | { kind: 'other-engine' } | { kind: 'wrong'; what: string };

/** Other rows or another engine say nothing about a run; only a difference in what both computed does. */
export function groundOf(trial: Trial): Ground {
  const { run } = trial;
  if (!run.sameEngine) return { kind: 'other-engine' };
  if (isOtherRows(trial)) return { kind: 'other-rows' };
  return agrees(run) ? { kind: 'none' } : { kind: 'wrong', what: whatDiffers(run) };
}
