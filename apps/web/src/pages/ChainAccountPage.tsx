import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link, useParams } from 'react-router';
import { type Address, getAddress, isAddress } from 'viem';
import { Account } from '../components/Account.tsx';
import { Gas, Money } from '../components/Amounts.tsx';
import { Failure, Skeleton } from '../components/Feedback.tsx';
import { Facts, PageTitle, Section } from '../components/Layout.tsx';
import { Transfers } from '../components/token/Transfers.tsx';
import { accountQuery } from '../queries/chain.ts';
import { NotFound } from './NotFound.tsx';

/** Any account as the chain shows it. */
export function ChainAccountPage(): JSX.Element {
  const address = useParams()['address'] ?? '';
  if (!isAddress(address, { strict: false })) return <NotFound />;
  return <Known key={address} address={getAddress(address)} />;
}

function Known({ address }: { address: Address }): JSX.Element {
  const { data, error, refetch } = useQuery(accountQuery(address));
  return (
    <>
      <p className="mb-1 text-sm"><Link to="/explorer" className="link">Explorer</Link></p>
      <PageTitle title="Account" aside={<Link className="link text-sm" to={`/sellers/${address}`}>Reputation as a seller</Link>} />
      <p className="-mt-3 mb-6"><Account address={address} /></p>
      <div className="grid gap-6">
        <Section title="Holds">
          {error && !data && <Failure error={error} retry={() => void refetch()} />}
          {!data && !error && <Skeleton className="h-20" />}
          {data && <Facts facts={[['NeuroCoin', <Money key="coin" amount={data.balance} strong />], ['At stake', <Money key="stake" amount={data.stake} />], ['For gas', <Gas key="gas" wei={data.gasBalance} />]]} />}
        </Section>
        <Transfers account={address} />
      </div>
    </>
  );
}
