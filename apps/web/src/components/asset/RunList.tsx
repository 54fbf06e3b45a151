import type { AssetDto, JobDto } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { jobQuery, jobsQuery } from '../../queries/jobs.ts';
import { Account } from '../Account.tsx';
import { When } from '../Amounts.tsx';
import { ButtonLink } from '../Button.tsx';
import { shorten } from '../Copy.tsx';
import { roundSentence } from '../roundSentence.ts';
import { Empty, Failure, Skeleton } from '../Feedback.tsx';
import { Section, Table } from '../Layout.tsx';
import { JobBadge } from '../State.tsx';
import { findOffer, runOf } from './offers.ts';

/** A dataset's runs, or the run that made a model. */
export function RunList({ asset }: { asset: AssetDto }): JSX.Element {
  const run = runOf(asset);
  const runs = useQuery({ ...jobsQuery({ assetId: asset.assetId }), enabled: run === undefined });
  const made = useQuery({ ...jobQuery(run ?? '0x'), enabled: run !== undefined });
  const jobs = run ? made.data && [made.data] : runs.data;
  const error = made.error ?? runs.error;
  if (error) return <Failure error={error} />;
  if (!jobs) return <Skeleton className="h-40 rounded-lg" />;
  if (jobs.length === 0) return <Empty title="No runs yet" action={findOffer(asset, 'compute') && <ButtonLink to={`/train/${asset.assetId}`}>Train on it</ButtonLink>}>Every training run on this dataset will stand here with its receipt.</Empty>;
  return <Section title={run ? 'The run that made it' : 'Runs'}><RunTable jobs={jobs} /></Section>;
}

/** Runs, one a line. */
export function RunTable({ jobs, withAsset = false }: { jobs: JobDto[]; withAsset?: boolean }): JSX.Element {
  return (
    <Table label="Runs" head={[withAsset ? 'Run on' : 'Run', withAsset ? 'Run' : 'Buyer', 'State', 'Attested', 'Started']} wide={withAsset ? [1, 3] : [3]}>
      {jobs.map((job) => (
        <tr key={job.jobId}>
          {withAsset && <td className="min-w-28"><Link to={`/runs/${job.jobId}`} className="font-medium hover:underline">{job.assetTitle}</Link></td>}
          <td><Link to={`/runs/${job.jobId}`} className="link num whitespace-nowrap">{shorten(job.jobId, 5)}</Link></td>
          {!withAsset && <td><Account address={job.buyer} /></td>}
          <td><JobBadge state={job.state} /></td>
          <td className="whitespace-nowrap text-muted">{job.round ? roundSentence(job.round) : ''}</td>
          <td className="text-muted"><When at={job.openedAt} /></td>
        </tr>
      ))}
    </Table>
  );
}
