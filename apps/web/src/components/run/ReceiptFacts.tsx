import type { JobDto, JobSpec, Receipt } from '@neurodata/protocol';
import type { JSX } from 'react';
import { numeral } from '../../language/format.ts';
import { t } from '../../language/t.ts';
import { Account } from '../Account.tsx';
import { CodeBlock, Hash } from '../Copy.tsx';
import { LeaderboardLine } from './LeaderboardLine.tsx';
import { Explain, Facts, Section } from '../Layout.tsx';

type Preparation = JobSpec['train']['preprocess'];

const tasks: Record<JobSpec['train']['task'], string> = { classification: t`classification`, regression: t`regression`, clustering: t`clustering`, reduction: t`dimensionality reduction` };
const imputed: Record<Preparation['impute'], string> = {
  mean: t`missing numbers become the column's mean`, median: t`missing numbers become the column's median`, 'most-frequent': t`missing numbers become the most frequent one`, zero: t`missing numbers become zero`, none: t`missing numbers stay missing`,
};
const scaled: Record<Preparation['scale'], string> = { standard: t`numbers are standardised`, none: t`numbers stay as they are` };
const encoded: Record<Preparation['encode'], string> = { 'one-hot': t`a column for each category`, ordinal: t`categories become their place in the alphabet` };

/** What the worker signed, and what was asked of it. */
export function ReceiptFacts({ job, receipt, spec }: { job: JobDto; receipt: Receipt; spec: JobSpec }): JSX.Element {
  const { body } = receipt;
  const { train } = spec;
  const found = body.metrics.search;
  const parameters = { ...train.parameters, ...found?.candidates[found.best]?.parameters };
  return (
    <Section title="Receipt" aside={<span className="text-sm text-muted">signed by <Account address={receipt.worker} /></span>}>
      <Facts facts={[
        ['Model', <Hash key="model" value={body.modelDigest} label="model digest" keep={8} testId="model-digest" />],
        ['Receipt', job.receipt && <Hash key="receipt" value={job.receipt.receiptDigest} label="receipt digest" keep={8} />],
        ['Spec', <Hash key="spec" value={body.specDigest} label="spec digest" keep={8} />],
        ['Rows', <span key="rows" className="inline-flex flex-wrap gap-x-3"><Hash value={body.input.contentRoot} label="content root" keep={8} /><span className="text-muted">version {body.input.version}</span></span>],
        ['Engine', <span key="engine" className="inline-flex flex-wrap gap-x-3"><Hash value={body.engineId} label="engine id" keep={8} /><Explain text="sha256 of the WebAssembly module that ran. Same module, same spec, same rows: same model, to the bit.">engine id</Explain></span>],
        ['Checkpoints', <span key="root" className="inline-flex flex-wrap gap-x-3"><Hash value={body.checkpointRoot} label="checkpoint root" keep={8} /><span className="text-muted">{body.checkpointDigests.length} under this root</span></span>],
        ['Target', train.target ?? 'none'],
        ['Algorithm', `${train.algorithm.replaceAll('-', ' ')}, ${tasks[train.task]}`],
        ['Leaderboard', <LeaderboardLine key="leaderboard" job={job} spec={spec} />],
        ['Features', train.features.map(({ name }) => name).join(', ')],
        ['Preparation', `${imputed[train.preprocess.impute]}; ${scaled[train.preprocess.scale]}; ${encoded[train.preprocess.encode]}`],
        ['Validation', train.validation && `${train.validation.folds} folds, seed ${train.validation.seed}`],
        ['Search', train.search && searchText(train.search)],
        ['Parameters', <span key="parameters" className="flex flex-wrap gap-x-4 gap-y-0.5">{Object.entries(parameters).map(([name, value]) => <span key={name} className="num"><span className="text-muted">{name}</span> {value === null ? t`none` : String(value).slice(0, 60)}</span>)}</span>],
        ['Split', `test fraction ${numeral(train.split.testFraction)}, seed ${train.split.seed}`],
      ]} />
      <div className="mt-5"><CodeBlock label="command to verify" code={`neurodata runs verify ${job.jobId}`} /></div>
    </Section>
  );
}

function searchText({ method, parameters, iterations, folds, score, seed }: NonNullable<JobSpec['train']['search']>): string {
  const drawn = method === 'grid' ? t`every combination` : t`${iterations} combinations drawn by seed ${seed}`;
  return t`${drawn} of ${Object.keys(parameters).join(', ')}; ${folds} folds; by ${score}`;
}
