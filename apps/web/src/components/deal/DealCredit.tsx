import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import type { Address } from 'viem';
import { t } from '../../language/t.ts';
import { dealEscrowQuery, useWithdrawDealsMutation } from '../../queries/deals.ts';
import { Button } from '../Button.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { TokenAmount } from '../TokenAmount.tsx';

const GAS = 100_000;

/** What deals have credited to an account in a token, and the way to collect it; nothing where it is nothing. */
export function DealCredit({ account, token }: { account: Address; token: Address }): JSX.Element | null {
  const { data: escrow } = useQuery(dealEscrowQuery(token, account));
  const withdraw = useMutation(useWithdrawDealsMutation());
  const [asked, setAsked] = useState<Ask>();
  const owed = escrow?.owed ?? 0n;
  const collect = (): void => setAsked({
    title: t`Collect what deals owe you`, text: t`Whatever all deals have credited to you in this token goes to your wallet.`, lines: [[t`Paid out`, <TokenAmount key="owed" amount={owed} token={token} strong />]], gas: GAS, button: t`Sign and collect`,
    act: () => withdraw.mutateAsync(token),
  });
  return (
    <>
      {owed > 0n && <div className="panel flex flex-wrap items-center gap-3 p-4 sm:p-5"><span className="min-w-0 flex-1">Deals have credited <TokenAmount amount={owed} token={token} strong /> to you.</span><Button onClick={collect}>Collect</Button></div>}
      {asked && <SignDialog ask={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}
