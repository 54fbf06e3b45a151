import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import type { Address } from 'viem';
import { t } from '../../language/t.ts';
import { jurorQuery, useCollectCreditsMutation } from '../../queries/jury.ts';
import { Money } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import type { Ask } from '../token/SignDialog.tsx';

const GAS = 120_000;

/** What disputes have credited to an account: fees of a juror, and what comes back to who has paid. Nothing where they have not. */
export function Credits({ account, ask }: { account: Address; ask: (ask: Ask) => void }): JSX.Element | null {
  const { data: juror } = useQuery(jurorQuery(account));
  const collect = useMutation(useCollectCreditsMutation());
  if (!juror || juror.owed === 0n) return null;
  const askCollect = (): void => ask({ title: t`Collect what disputes credited`, lines: [[t`Paid out`, <Money key="owed" amount={juror.owed} strong />]], gas: GAS, button: t`Sign and collect`, act: () => collect.mutateAsync() });
  return <div className="flex flex-wrap items-center gap-3 rounded-md bg-bg p-3"><span>Disputes have credited <Money amount={juror.owed} strong /> to you.</span><Button size="small" onClick={askCollect}>Collect</Button></div>;
}
