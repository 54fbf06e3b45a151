import type { EncodedCall } from '@neurodata/sdk';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useId } from 'react';
import type { Address } from 'viem';
import { Said, useSaid } from '../../language/Said.tsx';
import { t } from '../../language/t.ts';
import { callQuery } from '../../queries/explorer.ts';
import { governanceQuery, triedCallQuery, useProposeCallMutation } from '../../queries/governance.ts';
import { duration } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Sentence } from '../explorer/Sentence.tsx';
import type { Ask } from '../token/SignDialog.tsx';
import { useKept } from '../useKept.ts';
import { Threshold } from './Threshold.tsx';

const GAS = 250_000;
/** For each byte of the call, which the governor stores in an event. */
const GAS_PER_BYTE = 20;
const MAX_TITLE = 120;

export type PutToVoteProps = { account: Address; ask: (ask: Ask, clear: () => void) => void; /** Undefined until the form is filled in. */ call: EncodedCall | undefined; onDone: () => void };

/** What a call would do, in a sentence, a title for it, and the button that proposes it. */
export function PutToVote({ account, ask, call, onDone }: PutToVoteProps): JSX.Element {
  const id = useId();
  const [title, setTitle] = useKept('propose-title');
  const propose = useMutation(useProposeCallMutation());
  const { data: rules } = useQuery(governanceQuery());
  const said = title.trim();
  const submit = (): void => {
    if (!call || said === '') return;
    ask({
      title: t`Put this call to the vote`, text: t`“${said}”: if the vote is won, the timelock makes this call, as the owner of the contracts and of the treasury.`, gas: GAS + (GAS_PER_BYTE * call.data.length) / 2, button: t`Sign and propose`,
      lines: [[t`Would do`, <WhatItDoes key="what" call={call} />], ...(rules ? [[t`Voting begins after`, duration(rules.votingDelay)], [t`Voting lasts`, duration(rules.votingPeriod)]] satisfies [string, string][] : [])],
      act: () => propose.mutateAsync({ call, description: said }),
    }, () => { onDone(); setTitle(''); });
  };
  return (
    <div className="grid gap-4">
      {call && <div className="grid gap-1 rounded-md bg-bg p-3" data-testid="call-preview"><p className="text-sm text-muted">What it would do</p><p className="wrap-anywhere"><WhatItDoes call={call} /></p><Refusal call={call} /></div>}
      <div>
        <label htmlFor={id} className="label">Title: what it is for</label>
        <input id={id} className="field w-full" autoComplete="off" maxLength={MAX_TITLE} value={title} onChange={(event) => setTitle(event.target.value)} />
      </div>
      <div className="flex flex-wrap items-center gap-3"><Button look="primary" disabled={!call || said === ''} onClick={submit}>Propose</Button><Threshold account={account} /></div>
    </div>
  );
}

function WhatItDoes({ call }: { call: EncodedCall }): JSX.Element {
  const { data } = useQuery(callQuery({ ...call, value: 0n }));
  return <Sentence text={useSaid(data?.sentence ?? '')} />;
}

/** A vote takes days, in which what is refused now may become right: this warns, and does not forbid. */
function Refusal({ call }: { call: EncodedCall }): JSX.Element | null {
  const { data: refusal } = useQuery(triedCallQuery(call));
  return refusal ? <p role="status" className="text-warn">Carried out now, it would be refused: <Said text={refusal.message} /></p> : null;
}
