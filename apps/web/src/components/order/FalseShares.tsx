import { explainAccusation, type OrderDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'react-router';
import { useWallet } from '../../client/wallet.ts';
import { Said } from '../../language/Said.tsx';
import { accusationsQuery, falseGrantsQuery } from '../../queries/accusations.ts';
import { useAccuseMutation } from '../../queries/mutations.ts';
import { Hash } from '../Copy.tsx';
import { Section } from '../Layout.tsx';
import { Act } from './Act.tsx';

/** Whose shares are false, looked for once the buyer has tried to open its file, and what has come of it. */
export function FalseShares({ order, tried }: { order: OrderDto; tried: boolean }): JSX.Element | null {
  const wallet = useWallet();
  const { data: named = [] } = useQuery({ ...falseGrantsQuery(wallet, order.orderId), enabled: tried && wallet !== undefined });
  const { data: accusations = [] } = useQuery({ ...accusationsQuery(order.orderId), refetchInterval: (query) => (query.state.data?.some(({ state }) => state === 'open') ? 3_000 : false) });
  const validators = [...new Set([...named, ...accusations.map(({ validatorId }) => validatorId)])];
  if (validators.length === 0) return null;
  return (
    <Section title="False key shares">
      <ul className="grid gap-4">
        {validators.map((validatorId) => {
          const last = accusations.findLast((one) => one.validatorId === validatorId);
          const due = named.includes(validatorId) && last?.state !== 'open' && last?.state !== 'guilty';
          return (
            <li key={validatorId} className="grid gap-2">
              <p><Link className="link" to={`/validators/${validatorId}`}>Validator {validatorId}</Link> granted a share that does not fit the key. {last && <><Said text={explainAccusation(last.state, last.lost)} /> <span className="text-sm text-muted">Round <Hash value={last.roundId} label="round" /></span></>}</p>
              {due && <Accuse order={order} validatorId={validatorId} />}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Accuse({ order: { orderId }, validatorId }: { order: OrderDto; validatorId: number }): JSX.Element {
  const accuse = useMutation(useAccuseMutation());
  return (
    <div className="grid justify-items-start gap-2">
      <p className="max-w-[62ch] text-sm text-muted">Shows everybody what this one envelope holds, and nothing else. Costs a bond of one round fee, which comes back with a part of what the validator loses if a committee finds the same.</p>
      <Act text="Have it slashed" look="secondary" mutation={accuse} run={() => accuse.mutate({ proofId: orderId, validatorId })} />
    </div>
  );
}
