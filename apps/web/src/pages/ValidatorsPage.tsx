import { useQuery } from '@tanstack/react-query';
import { type JSX, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { Account } from '../components/Account.tsx';
import { count, Money } from '../components/Amounts.tsx';
import { Button } from '../components/Button.tsx';
import { Hash } from '../components/Copy.tsx';
import { Empty, Failure, Skeleton } from '../components/Feedback.tsx';
import { Explain, PageTitle, Section, Table } from '../components/Layout.tsx';
import { lazyPart } from '../components/lazyPart.ts';
import { Badge } from '../components/State.tsx';
import { NetworkMap } from '../components/validator/NetworkMap.tsx';
import { Rounds } from '../components/validator/Rounds.tsx';
import { tAs } from '../language/t.ts';
import { validatorsQuery, workersQuery } from '../queries/chain.ts';

const RunValidator = lazyPart(() => import('../components/validator/RunValidator.tsx'), 'RunValidator');

/** Who holds keys and re-executes, what they share, how to be one, and who trains. */
export function ValidatorsPage(): JSX.Element {
  return (
    <>
      <PageTitle title="Validators">Validators hold shares of keys, check datasets and do training runs again. They stake NCR; those who agree with two thirds share the round’s fee, the silent and the minority earn nothing. Workers train; their bond is lost if validators get another result.</PageTitle>
      <div className="grid gap-6"><NetworkMap /><Join /><Validators /><Rounds /><Workers /></div>
    </>
  );
}

/** What it takes to be one; read from the chain for whoever asks. */
function Join(): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <Section title="Run a validator">
      {open ? <Suspense fallback={<Skeleton className="h-96" />}><RunValidator /></Suspense> : (
        <div className="flex flex-wrap items-center gap-3"><Button onClick={() => setOpen(true)}>What it takes</Button><span className="text-sm text-muted">A machine that stays on, and stake. You earn by every round in which you are right.</span></div>
      )}
    </Section>
  );
}

function Standing({ active }: { active: boolean }): JSX.Element {
  return <Badge tone={active ? 'accent' : 'plain'}>{active ? 'Active' : 'Left'}</Badge>;
}

function Validators(): JSX.Element {
  const { data, isError, error, refetch } = useQuery(validatorsQuery());
  return (
    <Section title="Validators">
      {isError && <Failure error={error} retry={() => void refetch()} />}
      {!data && !isError && <Skeleton className="h-32" />}
      {data?.length === 0 && <Empty title="No validators yet">Whoever registers one will stand here with its stake and its record.</Empty>}
      {data && data.length > 0 && (
        <Table label="Validators" numeric={[2, 3, 4, 5]} head={['Validator', 'State', tAs('what is at stake')`Stake`, <Explain key="rounds" text="How often it was drawn into a committee">Rounds</Explain>, <Explain key="revealed" text="In how many of them it revealed a verdict in time">Revealed</Explain>, 'Earned', 'Encryption key', 'Endpoint']}>
          {data.map((validator) => (
            <tr key={validator.validatorId}>
              <td><span className="flex items-center gap-3"><Account address={validator.account} /><Link className="link text-sm" to={`/validators/${validator.validatorId}`} aria-label={`Status of validator ${validator.validatorId}`}>Status</Link></span></td>
              <td><Standing active={validator.active} /></td>
              <td className="text-right"><Money amount={validator.stake} /></td>
              <td className="num text-right">{count(validator.rounds)}</td>
              <td className="num text-right">{count(validator.revealed)}</td>
              <td className="text-right"><Money amount={validator.earned} /></td>
              <td><Hash value={validator.encryptionKey} label="encryption key" /></td>
              <td className="num text-muted">{validator.endpoint}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

function Workers(): JSX.Element {
  const { data, isError, error, refetch } = useQuery(workersQuery());
  return (
    <Section title="Workers">
      {isError && <Failure error={error} retry={() => void refetch()} />}
      {!data && !isError && <Skeleton className="h-24" />}
      {data?.length === 0 && <Empty title="No workers yet">Runs wait until a worker with enough stake registers.</Empty>}
      {data && data.length > 0 && (
        <Table label="Workers" numeric={[2, 3, 4, 5, 6]} head={['Worker', 'State', <Explain key="price" text="A unit is a GiB of sealed file that one training step goes through, counted over the most steps of a run; a begun unit counts">Per unit</Explain>, 'Cores and memory', tAs('what is at stake')`Stake`, 'Runs', <Explain key="lost" text="Runs that it claimed and fell silent over; another worker took them over">Lost</Explain>, 'Endpoint']}>
          {data.map((worker) => (
            <tr key={worker.account}>
              <td><Account address={worker.account} /></td>
              <td><Standing active={worker.active} /></td>
              <td className="text-right"><Money amount={worker.pricePerUnit} /></td>
              <td className="num text-right">{worker.cores}, {count(worker.memoryMiB)} MiB</td>
              <td className="text-right"><Money amount={worker.stake} /></td>
              <td className="num text-right">{count(worker.runs)}</td>
              <td className="num text-right">{count(worker.lost)}</td>
              <td className="num text-muted">{worker.endpoint}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
