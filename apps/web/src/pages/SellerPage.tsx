import { type ReputationPart, type Seller, enoughOrders, reputationWeights } from '@neurodata/protocol';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useParams } from 'react-router';
import { getAddress, isAddress } from 'viem';
import { Account } from '../components/Account.tsx';
import { When, count, duration } from '../components/Amounts.tsx';
import { Failure, PageSkeleton } from '../components/Feedback.tsx';
import { Facts, PageTitle, Section, Table } from '../components/Layout.tsx';
import { TokenAmount } from '../components/TokenAmount.tsx';
import { fixed } from '../language/format.ts';
import { t } from '../language/t.ts';
import { sellerQuery } from '../queries/trust.ts';
import { NotFound } from './NotFound.tsx';

/** A seller's reputation, and how anybody makes it from the chain. */
export function SellerPage(): JSX.Element {
  const address = useParams()['address'] ?? '';
  if (!isAddress(address, { strict: false })) return <NotFound />;
  return <Known address={getAddress(address)} />;
}

function Known({ address }: { address: `0x${string}` }): JSX.Element {
  const { data, error, refetch } = useQuery(sellerQuery(address));
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  const { reputation: { score, enough }, block } = data;
  return (
    <>
      <PageTitle title="Seller">From events of the chain alone, up to block {count(block)}. What sellers say of themselves counts for nothing.</PageTitle>
      <p className="-mt-3 mb-6"><Account address={address} /></p>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Section title="Reputation" aside={<span className="text-lg font-semibold tabular-nums">{score} of 100</span>}>
          {!enough && <p className="mb-3 text-muted">Fewer than {enoughOrders} orders have ended: this says little yet.</p>}
          <Formula seller={data} />
        </Section>
        <Section title="What the chain says"><ChainFacts seller={data} /></Section>
      </div>
    </>
  );
}

const formulas: Record<ReputationPart, string> = {
  reliability: t`(completed + 4) / (completed + refunded + 5)`,
  fairness: t`(completed + refunded − lost disputes + 9) / (completed + refunded + 10)`,
  speed: t`3600 / (3600 + median seconds from order to key)`,
  experience: t`n / (n + 20), n = buyers + verified runs`,
  age: t`days / (days + 90) since the first listing`,
};

const percent = (part: number): string => `${fixed(part / 100, 2)} %`;

function Formula({ seller: { seller, reputation } }: { seller: Seller }): JSX.Element {
  return (
    <>
      <Table label="How the score is made" head={['Part', 'Formula', 'Value', 'Counts']} numeric={[2, 3]}>
        {(Object.keys(reputationWeights) as ReputationPart[]).map((name) => (
          <tr key={name}><td className="capitalize">{name}</td><td className="min-w-40 text-sm text-muted">{formulas[name]}</td><td className="num text-right whitespace-nowrap">{percent(reputation.parts[name])}</td><td className="num text-right whitespace-nowrap">{reputationWeights[name]} %</td></tr>
        ))}
      </Table>
      <p className="mt-4 text-sm text-muted">Each value is rounded down to a hundredth of a percent, the score to a whole number. Make it again from the logs of the chain:</p>
      <code className="num mt-1 block text-sm break-all">neurodata sellers show {seller} --recompute</code>
    </>
  );
}

function ChainFacts({ seller: { facts, reputation } }: { seller: Seller }): JSX.Element {
  const { sellingSince, opened, completed, refunded, disputed, disputesWon, disputesLost, buyers, verifiedRuns, deliverySeconds, volume } = facts;
  return (
    <Facts facts={[
      ['Selling since', sellingSince === null ? 'nothing was listed yet' : <When key="since" at={sellingSince} />],
      ['Orders', `${count(opened)}: ${count(completed)} completed, ${count(refunded)} refunded`],
      ['Refund rate', reputation.refundRate === null ? undefined : percent(reputation.refundRate)],
      ['Disputes', `${count(disputed)}: ${count(disputesWon)} won, ${count(disputesLost)} lost`],
      ['Dispute rate', reputation.disputeRate === null ? undefined : percent(reputation.disputeRate)],
      ['Order to key', deliverySeconds === null ? undefined : `${duration(deliverySeconds)} (median)`],
      ['Buyers', count(buyers)], ['Verified runs', count(verifiedRuns)],
      ['Volume', volume.length === 0 ? undefined : <span key="volume" className="flex flex-wrap gap-x-4">{volume.map(({ token, amount }) => <TokenAmount key={token} token={token} amount={amount} />)}</span>],
    ]}
    />
  );
}
