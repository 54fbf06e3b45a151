import { scoresOf } from '@neurodata/engine';
import type { AssetDto, Evaluation, EvaluationTable, ModelCheck, ModelReport } from '@neurodata/protocol';
import type { ReadModelCheckResult } from '@neurodata/sdk';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX, ReactNode } from 'react';
import { Link } from 'react-router';
import { Said } from '../../language/Said.tsx';
import { t } from '../../language/t.ts';
import { tFrom } from '../../language/tFrom.ts';
import { modelCheckQuery, tableMutation } from '../../queries/modelChecks.ts';
import { Account } from '../Account.tsx';
import { When, bytes, count, plural } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Hash } from '../Copy.tsx';
import { StatusMark } from '../StatusMark.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';
import { Explain, Facts, Section, Table } from '../Layout.tsx';
import { saveBlob } from '../saveFile.ts';
import { Badge } from '../State.tsx';
import { claimText, differenceText, measuredText, refusalWords, verdictOf } from './modelTestWords.ts';

/** What validators measured of an uploaded model beside what its publisher claims. Models of runs have a receipt instead. */
export function ModelTest({ asset }: { asset: AssetDto }): JSX.Element | null {
  const { data, error, refetch } = useQuery(modelCheckQuery(asset.assetId, asset.latestVersion));
  if (data?.state === 'other') return null;
  const groups = [...Map.groupBy(data?.checks ?? [], ({ body }) => JSON.stringify([body.report, body.tableSha256])).values()].sort((a, b) => b.length - a.length);
  const [first] = groups[0] ?? [];
  const verdict = first && groups.length === 1 ? verdictOf(first.body.report) : undefined;
  return (
    <Section title="Automated test" aside={verdict && <Badge tone={verdict.tone} testId="model-verdict" value={verdict.tone}>{verdict.text}</Badge>}>
      {error && !data && <Failure error={error} safe="The model is as it was." retry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-48" />}
      {data && (
        <div className="grid gap-5" data-testid="model-test" data-state={data.state}>
          <State {...data} />
          {groups.length > 1 && <p className="flex gap-2 font-medium text-warn">Validators found different figures. Both are shown.</p>}
          {groups.map((group) => <Measured key={group[0]?.signature} group={group} evaluation={data.evaluation} />)}
          {data.evaluation && <Declared evaluation={data.evaluation} />}
          {data.leftOut.map(({ validatorId, reason }) => <p key={validatorId} className="text-sm text-muted">Left out what this node shows of validator {validatorId}: <Said text={reason} />.</p>)}
        </div>
      )}
    </Section>
  );
}

/** What there is to say while, or because, nobody has measured. */
function State({ state, evaluation }: ReadModelCheckResult): JSX.Element | null {
  if (state === 'checked' || state === 'other') return null;
  const words: Record<typeof state, string> = {
    pending: t`Validators are loading the model in a sandbox and measuring it. The figures come here by themselves.`,
    unread: t`Nobody has measured it: the publisher lets nobody but buyers read the file.`,
    absent: t`Its round is over, and this node has no measurement of it. Ask a node of a validator that took part.`,
  };
  return (
    <>
      <p className="text-muted" role={state === 'pending' ? 'status' : undefined}>{words[state]}</p>
      <Unmeasured evaluation={evaluation} />
    </>
  );
}

function Measured({ group, evaluation }: { group: ModelCheck[]; evaluation: Evaluation | undefined }): JSX.Element | null {
  const [first] = group;
  if (!first) return null;
  const { report } = first.body;
  const { ran, refusal, rows, claims, signature } = report;
  const shown = new Set(claims.map(({ name }) => name));
  return (
    <>
      {refusal && <div className="rounded-lg border border-bad/40 bg-bad-soft p-4"><p className="font-medium">{refusalWords[refusal.code]}</p><p className="mt-1 text-sm break-words text-muted"><Said text={refusal.reason} /></p></div>}
      {refusal && <Unmeasured evaluation={evaluation} />}
      {ran && claims.length > 0 && <Claims report={report} evaluation={evaluation} />}
      {ran && <Others report={report} names={scoresOf(report.task ?? 'classification').map(({ name }) => name).filter((name) => name in report.scores && !shown.has(name))} />}
      <Facts facts={[
        [ran && rows !== undefined ? 'Measured by' : 'Tested by', <span key="by" className="flex flex-wrap items-center gap-x-3 gap-y-1">{group.map(({ account, validatorId }) => <Account key={validatorId} address={account} />)}</span>],
        ['When', <span key="when"><When at={Math.max(...group.map(({ body }) => body.measuredAt))} />{ran && rows !== undefined && `, on ${plural(rows, 'row')}`}{group.length > 1 && ', each by itself and with the same result'}</span>],
        ['Signatures', <span key="signed" className="inline-flex gap-1.5"><StatusMark status="passed" />checked by you, in this browser: the chain drew these validators for this version</span>],
      ]} />
      {signature && <Signature signature={signature} />}
    </>
  );
}

/** Claimed beside measured. */
export function Claims({ report: { claims }, evaluation }: { report: ModelReport; evaluation: Evaluation | undefined }): JSX.Element {
  return (
    <div className="grid gap-2 max-sm:[&_td]:px-1.5! max-sm:[&_th]:px-1.5!">
      <Table label="Claimed and measured" head={['Score', 'Claimed', 'Measured', <span key="difference">Diff<span className="max-sm:hidden">erence</span></span>]} numeric={[1, 2, 3]}>
        {claims.map(({ name, claimed, measured, holds }) => (
          <tr key={name} data-testid={`score-${name}`} data-holds={holds}>
            <td><span className={`inline-flex gap-1.5 ${holds ? '' : 'font-medium'}`}><StatusMark status={holds ? 'passed' : 'failed'} /><ScoreName name={name} /><span className={`max-sm:sr-only ${holds ? 'text-good' : 'text-bad'}`}>{holds ? 'holds' : 'does not hold'}</span></span></td>
            <td className="num text-right">{claimText(claimed)}</td>
            <td className="num text-right" title={measured === null ? undefined : String(measured)}>{measured === null ? <span className="text-muted">not defined</span> : measuredText(measured)}</td>
            <td className="num text-right">{measured === null ? '' : differenceText(claimed, measured)}</td>
          </tr>
        ))}
      </Table>
      <p className="text-sm text-muted">A claim holds where the measurement is as good{evaluation?.tolerance === undefined ? ', to half of the claim’s last digit' : `, or at most ${claimText(evaluation.tolerance)} worse, as the publisher declared`}.</p>
    </div>
  );
}

/** Scores that nobody claimed. */
export function Others({ report: { scores, claims }, names }: { report: ModelReport; names: string[] }): JSX.Element | null {
  if (names.length === 0) return null;
  return (
    <div>
      <h3 className="text-sm font-medium">{claims.length > 0 ? 'Also measured' : 'Measured; nothing was claimed'}</h3>
      <dl className="mt-2 grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
        {names.map((name) => {
          const value = scores[name] ?? null;
          return <div key={name}><dt className="text-sm text-muted"><ScoreName name={name} /></dt><dd className="num" title={value === null ? undefined : String(value)}>{value === null ? 'not defined' : measuredText(value)}</dd></div>;
        })}
      </dl>
    </div>
  );
}

function Unmeasured({ evaluation }: { evaluation: Evaluation | undefined }): JSX.Element | null {
  const claims = Object.entries(evaluation?.claims ?? {});
  if (claims.length === 0) return null;
  return <p>Claimed by the publisher, checked by nobody: {claims.map(([name, value]) => `${titleOf(name)} ${claimText(value)}`).join(', ')}.</p>;
}

const scoreOf = (name: string) => [...scoresOf('classification'), ...scoresOf('regression')].find((score) => score.name === name);
const titleOf = (name: string): string => tFrom(scoreOf(name)?.title ?? name);

function ScoreName({ name }: { name: string }): JSX.Element {
  const score = scoreOf(name);
  return score ? <Explain text={`${tFrom(score.help)} ${score.better === 'higher' ? t`Higher` : t`Lower`} is better.`}>{tFrom(score.title)}</Explain> : <>{name}</>;
}

/** What a model takes and gives. */
export function Signature({ signature }: { signature: NonNullable<ModelReport['signature']> }): JSX.Element {
  const { inputs, outputs, operators, opsets, nodes } = signature;
  const rowsOf = (way: string, ports: typeof inputs): ReactNode => ports.slice(0, 100).map(({ name, type, shape }, index) => (
    <tr key={`${way} ${index}`}><td className="text-muted">{way}</td><td className="break-words">{name}</td><td>{type}</td><td className="num whitespace-nowrap">{shape.length === 0 ? 'one value' : shape.join(' × ')}</td></tr>
  ));
  return (
    <details>
      <summary>Takes {plural(inputs.length, 'input')}, gives {plural(outputs.length, 'output')}</summary>
      <div className="mt-3 grid gap-3">
        <Table label="Signature" head={['', 'Name', 'Type', 'Shape']}>{rowsOf('takes', inputs)}{rowsOf('gives', outputs)}</Table>
        {inputs.length > 100 && <p className="text-sm text-muted">And {count(inputs.length - 100)} more inputs.</p>}
        <p className="text-sm break-words text-muted">{plural(nodes, 'node')} of standard operators: {operators.join(', ')}. Operator sets: {opsets.map(({ domain, version }) => `${domain || 'ai.onnx'} ${version}`).join(', ')}.</p>
      </div>
    </details>
  );
}

function Declared({ evaluation: { table, target, features, inputs } }: { evaluation: Evaluation }): JSX.Element {
  return (
    <div className="border-t border-line pt-4">
      <Facts facts={[
        ['Table', table.kind === 'file' ? <PublicTable key="table" table={table} /> : <Link key="table" className="link" to={`/datasets/${table.assetId}`}>asset {table.assetId}, version {table.version}</Link>],
        ['Target', target],
        ['Columns', features?.join(', ')],
        ['Inputs', inputs && Object.entries(inputs).map(([name, column]) => t`${name} takes ${column}`).join(', ')],
      ]} />
    </div>
  );
}

function PublicTable({ table }: { table: EvaluationTable & { kind: 'file' } }): JSX.Element {
  const save = useMutation({ ...tableMutation(), onSuccess: (content) => saveBlob({ file: content, fileName: table.fileName }) });
  return (
    <div className="grid gap-2">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1"><span className="break-all">{table.fileName}</span><span className="text-muted">{bytes(table.size)}, published for everybody</span><Hash value={table.sha256} label="sha256 of the table" /><Button size="small" busy={save.isPending} onClick={() => save.mutate(table)}>Save the table</Button></p>
      {save.isError && <Failure error={save.error} safe="The model is as it was." retry={() => save.mutate(table)} />}
    </div>
  );
}
