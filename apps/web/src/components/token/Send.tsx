import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useId } from 'react';
import type { Address } from 'viem';
import { t } from '../../language/t.ts';
import { configQuery, demoAccountsQuery } from '../../queries/chain.ts';
import { useSendMutation } from '../../queries/coin.ts';
import { Account } from '../Account.tsx';
import { Money, ncr } from '../Amounts.tsx';
import { shorten } from '../Copy.tsx';
import { Section } from '../Layout.tsx';
import { useKept } from '../useKept.ts';
import { AmountForm } from './AmountForm.tsx';
import { recipientOf } from './recipientOf.ts';
import type { Ask } from './SignDialog.tsx';

const TRANSFER_GAS = 70_000;

/** Coins to another account. */
export function Send({ account, balance, ask }: { account: Address; balance: bigint; ask: (ask: Ask, clear: () => void) => void }): JSX.Element {
  const id = useId();
  const [who, setWho] = useKept('send-to');
  const { data: people } = useQuery(demoAccountsQuery());
  const { data: config } = useQuery(configQuery());
  const send = useMutation(useSendMutation());
  const to = recipientOf(who, people);
  const contract = Object.entries(config?.deployment.addresses ?? {}).find(([, address]) => address.toLowerCase() === to?.toLowerCase())?.[0];
  const wrong = who.trim() === '' ? undefined : to === undefined ? /^0x[0-9a-f]{40}$/i.test(who.trim()) ? t`This address is mistyped: its capitals do not fit its digits.` : t`This is neither an address nor the name of a demo wallet.` : contract ? t`This is the contract ${contract}: coins sent to it are lost.` : to.toLowerCase() === account.toLowerCase() ? t`This is your own account.` : undefined;
  const name = people?.find(({ address }) => address === to)?.name ?? (to && shorten(to));
  const askSend = (amount: bigint, clear: () => void): void => to && ask({
    title: t`Send ${ncr(amount)} to ${name}`, text: t`Nobody can bring it back.`, gas: TRANSFER_GAS, button: t`Sign and send`,
    lines: [['To', <Account key="to" address={to} />], [t`Amount`, <Money key="amount" amount={amount} strong />], [t`You keep`, <Money key="rest" amount={balance - amount} />]],
    act: () => send.mutateAsync({ to, amount }),
  }, () => { clear(); setWho(''); });
  return (
    <Section title="Send">
      <AmountForm
        keep="send" label="Amount" max={balance} maxText="Send all" button="Send" blocked={to === undefined || wrong !== undefined}
        before={(
          <div>
            <label htmlFor={id} className="label">To</label>
            <input id={id} className="field" list={`${id}-people`} autoComplete="off" spellCheck={false} placeholder="0x… or a demo wallet’s name" value={who} onChange={(event) => setWho(event.target.value)} aria-invalid={wrong !== undefined} aria-describedby={`${id}-wrong`} required />
            <datalist id={`${id}-people`}>{people?.filter(({ address }) => address !== account).map((person) => <option key={person.address} value={person.name}>{person.address}</option>)}</datalist>
            <p id={`${id}-wrong`} className="mt-1 min-h-5 text-sm text-muted">{wrong ? <span role="alert" className="text-bad">{wrong}</span> : to && <>Goes to <Account address={to} /></>}</p>
          </div>
        )}
        onAsk={askSend}
      />
    </Section>
  );
}
