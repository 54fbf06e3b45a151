import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link, useSearchParams } from 'react-router';
import { When } from '../components/Amounts.tsx';
import { ButtonLink } from '../components/Button.tsx';
import { Hash, shorten } from '../components/Copy.tsx';
import { Failure, Skeleton } from '../components/Feedback.tsx';
import { Explain, PageTitle, Section, Table } from '../components/Layout.tsx';
import { JobBadge } from '../components/State.tsx';
import { BlockTable } from '../components/explorer/BlockTable.tsx';
import { ExplorerSearch } from '../components/explorer/ExplorerSearch.tsx';
import { contractText, contractWord } from '../components/explorer/contractWords.ts';
import { configQuery } from '../queries/chain.ts';
import { blocksQuery } from '../queries/explorer.ts';
import { jobsQuery } from '../queries/jobs.ts';

const SHOWN = 15;
const RECEIPTS = 8;

/** The chain as it grows, its contracts, and receipts to check. */
export function ExplorerPage(): JSX.Element {
  return (
    <>
      <PageTitle title="Explorer">Blocks, transactions and contracts, read from the chain by this page. Each block and each receipt can be checked here, in your browser.</PageTitle>
      <ExplorerSearch />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_400px]">
        <div className="grid min-w-0 gap-6"><Blocks /><Receipts /></div>
        <Contracts />
      </div>
    </>
  );
}

function Blocks(): JSX.Element {
  const [params] = useSearchParams();
  const to = /^\d{1,15}$/.test(params.get('to') ?? '') ? Number(params.get('to')) : undefined;
  const { data, error, refetch } = useQuery(blocksQuery(to, SHOWN));
  const last = data?.at(-1)?.number ?? 0;
  return (
    <Section title="Blocks" aside={to === undefined ? <span className="text-sm text-muted">live</span> : <Link to="/explorer" className="link text-sm">Newest</Link>}>
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-[585px]" />}
      {data && <BlockTable blocks={data} />}
      {last > 0 && <ButtonLink size="small" className="mt-3" to={`?to=${last - 1}`}>Older</ButtonLink>}
    </Section>
  );
}

function Receipts(): JSX.Element {
  const { data, error, refetch } = useQuery(jobsQuery({}));
  const items = data?.filter(({ receipt }) => receipt !== undefined).slice(0, RECEIPTS);
  return (
    <Section title="Receipts" aside={<span className="text-sm text-muted"><Explain text="Its page checks signature, digests and chain in your browser, and with the rows trains again, bit for bit.">what can be checked</Explain></span>}>
      {error && !items && <Failure error={error} retry={() => void refetch()} />}
      {!items && !error && <Skeleton className="h-40" />}
      {items?.length === 0 && <p className="text-muted">No run has handed in a receipt yet. Each will stand here, to be checked by anybody.</p>}
      {items && items.length > 0 && (
        <Table label="Receipts" head={['Run on', 'Run', 'Receipt', 'State', 'Ordered', '']} wide={[1, 2, 4]}>
          {items.map((job) => (
            <tr key={job.jobId}>
              <td className="sm:max-w-52 sm:truncate"><Link to={`/runs/${job.jobId}`} className="font-medium hover:underline">{job.assetTitle}</Link></td>
              <td><Link to={`/runs/${job.jobId}`} className="link num whitespace-nowrap">{shorten(job.jobId, 5)}</Link></td>
              <td>{job.receipt && <Hash value={job.receipt.receiptDigest} label="receipt digest" />}</td>
              <td><JobBadge state={job.state} /></td>
              <td className="text-muted"><When at={job.openedAt} /></td>
              <td className="text-right"><Link to={`/runs/${job.jobId}#verification`} className="link whitespace-nowrap">Check it</Link></td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

function Contracts(): JSX.Element {
  const { data, error, refetch } = useQuery(configQuery());
  return (
    <Section title="Contracts" aside={data && <span className="text-sm text-muted">chain <span className="num">{data.deployment.chainId}</span></span>}>
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-[900px]" />}
      <ul className="grid gap-2.5">
        {Object.entries(data?.deployment.addresses ?? {}).map(([name, address]) => (
          <li key={name} className="grid gap-0.5">
            <span className="flex flex-wrap items-center justify-between gap-x-3"><Link to={`/explorer/contract/${name}`} className="link font-medium">{contractWord(name)}</Link><Hash value={address} label={`address of ${contractWord(name)}`} /></span>
            <span className="text-sm text-muted">{contractText(name)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
