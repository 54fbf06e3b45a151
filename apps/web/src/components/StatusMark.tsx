import { Check as Tick, CircleDashed, X } from 'lucide-react';
import type { JSX } from 'react';
import { t } from '../language/t.ts';

type Status = 'passed' | 'failed' | 'not-checked';

const words: Record<Status, string> = { passed: t`Passed`, failed: t`Failed`, 'not-checked': t`Not checked` };

/** The sign of a check: green only for what was recomputed. */
export function StatusMark({ status }: { status: Status }): JSX.Element {
  const icon = { passed: <Tick size={14} className="text-good" />, failed: <X size={14} className="text-bad" />, 'not-checked': <CircleDashed size={14} className="text-muted" /> }[status];
  return <span className="mt-0.5 shrink-0">{icon}<span className="sr-only">{words[status]}: </span></span>;
}
