import { useMutation } from '@tanstack/react-query';
import type { JSX } from 'react';
import { t } from '../../language/t.ts';
import { useBurnMutation } from '../../queries/coin.ts';
import { Money, ncr } from '../Amounts.tsx';
import { Fold } from '../Layout.tsx';
import { AmountForm } from './AmountForm.tsx';
import type { Ask } from './SignDialog.tsx';

const BURN_GAS = 60_000;

/** Coins destroyed for good. */
export function Burn({ balance, supply, ask }: { balance: bigint; supply: bigint; ask: (ask: Ask, clear: () => void) => void }): JSX.Element {
  const burn = useMutation(useBurnMutation());
  const askBurn = (amount: bigint, clear: () => void): void => ask({
    title: t`Burn ${ncr(amount)}`, text: t`Nobody can bring it back, not even governance.`, gas: BURN_GAS, button: t`Sign and burn`, danger: true,
    lines: [[t`You keep`, <Money key="rest" amount={balance - amount} />], [t`Supply then`, <Money key="supply" amount={supply - amount} />]], act: () => burn.mutateAsync(amount),
  }, clear);
  return (
    <Fold title="Burn" aside="destroys coins for good">
      <p className="mb-4 max-w-[72ch] text-muted">Burnt coins are gone: nobody gets them, and the supply shrinks by as much. There is nothing to gain by it for you alone.</p>
      <div className="max-w-md">
        <AmountForm keep="burn" label="Amount to burn" button="Burn" look="danger" max={balance} maxText="All you hold"
          onAsk={askBurn} />
      </div>
    </Fold>
  );
}
