import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useWallet } from '../../client/wallet.ts';
import { numeral } from '../../language/format.ts';
import { accountQuery } from '../../queries/chain.ts';
import { verdictRulesQuery } from '../../queries/jobs.ts';
import { duration, Money } from '../Amounts.tsx';
import { Failure, Skeleton } from '../Feedback.tsx';

const percent = (bps: number): string => `${numeral(bps / 100)} %`;

/** The bond of a challenge, who gets it if the challenger is wrong, and what comes back if right. */
export function ChallengeTerms(): JSX.Element {
  const wallet = useWallet();
  const { data: rules, error } = useQuery(verdictRulesQuery());
  const { data: account } = useQuery(accountQuery(wallet?.address));
  if (error) return <Failure error={error} safe="Nothing was sent." />;
  if (!rules) return <Skeleton className="h-40" />;
  const { bond, refereeFee, wrongedBps, rewardBps, moveWindow } = rules;
  return (
    <div className="grid gap-3">
      <p>You put up a bond of <Money amount={bond} strong />. Fresh validators then run the one step that differs; they cost <Money amount={refereeFee} /> of it.</p>
      <ul className="grid list-disc gap-1 pl-5">
        <li>If they find the receipt wrong: the other <Money amount={bond - refereeFee} /> comes back, with {percent(rewardBps)} of what the worker and the validators who accepted it lose. Whoever paid for the run gets the money back.</li>
        <li>If they find it right: you lose the bond. {percent(wrongedBps)} of what is left of it goes to the worker.</li>
        <li>If they come to no verdict: what is left of the bond comes back, and the result stands.</li>
      </ul>
      <p className="text-sm text-muted">Your checkpoints are sent at once. Keep this page open until they are: who shows none within {duration(moveWindow)} loses the bond.</p>
      {account !== undefined && account.balance < bond && <p role="alert" className="rounded-md bg-warn-soft px-3 py-2 text-warn">This wallet holds <Money amount={account.balance} />, too little for the bond.</p>}
    </div>
  );
}
