import { useQuery } from '@tanstack/react-query';
import { type JSX, useId } from 'react';
import { t } from '../../language/t.ts';
import { configQuery } from '../../queries/chain.ts';
import { coinQuery } from '../../queries/coin.ts';
import { encodedCallQuery } from '../../queries/governance.ts';
import { Money } from '../Amounts.tsx';
import { useKept } from '../useKept.ts';
import { PutToVote, type PutToVoteProps } from './PutToVote.tsx';
import { typedParameter } from './typedParameter.ts';

/** NCR of the timelock, which is the treasury, to somebody. */
export function ProposeMoney(props: Pick<PutToVoteProps, 'account' | 'ask'>): JSX.Element {
  const id = useId();
  const [to, setTo] = useKept('propose-receiver');
  const [text, setText] = useKept('propose-money', { byLanguage: true });
  const { data: config } = useQuery(configQuery());
  const timelock = config?.deployment.addresses.timelock;
  const { data: treasury } = useQuery({ ...coinQuery(timelock ?? '0x'), enabled: timelock !== undefined });
  const receiver = typedParameter(to, 'address');
  const amount = typedParameter(text, 'NCR');
  const isMuch = treasury !== undefined && typeof amount.value === 'bigint' && amount.value > treasury.balance;
  const { data: call } = useQuery(encodedCallQuery(receiver.value === undefined || amount.value === undefined ? undefined : { target: 'neuroCoin.transfer', args: [receiver.value, String(amount.value)] }));
  const filled = receiver.value !== undefined && amount.value !== undefined;
  const wrong = amount.wrong ?? (isMuch ? t`The treasury does not hold as much now.` : undefined);
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <div>
          <label htmlFor={`${id}-to`} className="label">To whom</label>
          <input id={`${id}-to`} className="field num" autoComplete="off" spellCheck={false} placeholder="0x…" value={to} onChange={(event) => setTo(event.target.value)} aria-invalid={receiver.wrong !== undefined} aria-describedby={`${id}-to-wrong`} />
          <p id={`${id}-to-wrong`} className="mt-1 min-h-5 text-sm text-bad" role={receiver.wrong ? 'alert' : undefined}>{receiver.wrong}</p>
        </div>
        <div>
          <label htmlFor={`${id}-amount`} className="label">Amount in NCR</label>
          <input id={`${id}-amount`} className="field tabular-nums" inputMode="decimal" autoComplete="off" value={text} onChange={(event) => setText(event.target.value)} aria-invalid={wrong !== undefined} aria-describedby={`${id}-wrong`} />
          <p id={`${id}-wrong`} className="mt-1 min-h-5 text-sm text-muted">{wrong ? <span role="alert" className={amount.wrong ? 'text-bad' : 'text-warn'}>{wrong}</span> : treasury && <>The treasury holds <Money amount={treasury.balance} />.</>}</p>
        </div>
      </div>
      <PutToVote {...props} call={filled ? call : undefined} onDone={() => { setTo(''); setText(''); }} />
    </>
  );
}
