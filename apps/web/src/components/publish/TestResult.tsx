import { scoresOf } from '@neurodata/engine';
import type { JSX } from 'react';
import { Said } from '../../language/Said.tsx';
import type { Measured } from '../../queries/publishOnnx.ts';
import { plural } from '../Amounts.tsx';
import { Claims, Others, Signature } from '../asset/ModelTest.tsx';
import { refusalWords, verdictOf } from '../asset/modelTestWords.ts';
import { Section } from '../Layout.tsx';
import { Badge } from '../State.tsx';

/** What the test in this browser found: what validators will find, since it is the same test. */
export function TestResult({ measured: { report, evaluation }, stale }: { measured: Measured; stale: boolean }): JSX.Element {
  const { ran, refusal, rows, claims, signature } = report;
  const { tone, text } = verdictOf(report);
  const shown = new Set(claims.map(({ name }) => name));
  return (
    <Section title="Tested in this browser" aside={<Badge tone={stale ? 'plain' : tone} testId="test-verdict" value={stale ? 'stale' : tone}>{stale ? 'Something changed since' : text}</Badge>}>
      <div className={`grid gap-4 ${stale ? 'opacity-60' : ''}`}>
        {refusal && <div className="rounded-lg border border-bad/40 bg-bad-soft p-4"><p className="font-medium">{refusalWords[refusal.code]}</p><p className="mt-1 text-sm break-words text-muted"><Said text={refusal.reason} /></p></div>}
        {ran && claims.length > 0 && <Claims report={report} evaluation={evaluation} />}
        {ran && <Others report={report} names={scoresOf(report.task ?? 'classification').map(({ name }) => name).filter((name) => name in report.scores && !shown.has(name))} />}
        {ran && rows !== undefined && <p className="text-sm text-muted">Measured on {plural(rows, 'row')}. Validators do the same, and sign what they find.</p>}
        {signature && <Signature signature={signature} />}
      </div>
    </Section>
  );
}
