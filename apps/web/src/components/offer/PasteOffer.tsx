import type { SignedAcceptance } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type JSX, useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { t } from '../../language/t.ts';
import { readGiven, useRelayMutation } from '../../queries/offers.ts';
import { Account } from '../Account.tsx';
import { When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Section } from '../Layout.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { useKept } from '../useKept.ts';
import { tokenOfOffer } from './tokenOfOffer.ts';

const GAS_RELAY = 340_000;

/** What somebody was sent: an offer is opened, a buyer's signed acceptance is sent for them. */
export function PasteOffer(): JSX.Element {
  const id = useId();
  const [text, setText] = useKept('offer-given');
  const [asked, setAsked] = useState<Ask>();
  const navigate = useNavigate();
  const read = useMutation({ mutationFn: readGiven });
  const relay = useMutation(useRelayMutation());
  const askRelay = (acceptance: SignedAcceptance): void => {
    const { offer } = acceptance.offer;
    setAsked({
      title: t`Send an acceptance`, text: t`The buyer has signed it. You pay the gas and nothing else: the price comes from the buyer, and the order is the buyer’s.`, gas: GAS_RELAY, button: t`Sign and send`,
      lines: [[t`Buyer`, <Account key="buyer" address={offer.buyer} />], [t`The buyer pays`, <TokenAmount key="price" amount={offer.price} token={tokenOfOffer(offer)} />], [t`Good until`, <When key="until" at={acceptance.deadline} />]],
      act: () => relay.mutateAsync(acceptance),
    });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    read.mutate(text, { onSuccess: (given) => {
      if (given.acceptance) askRelay(given.acceptance);
      else { setText(''); void navigate({ pathname: '/offers', hash: given.link }); }
    } });
  };
  const wrong = read.isError ? t`This is no whole offer, and no signed acceptance: copy it again.` : undefined;
  return (
    <Section title="Open what you were sent">
      <form noValidate onSubmit={submit} className="grid gap-2">
        <label htmlFor={id} className="label mb-0">An offer, or a buyer’s signed acceptance</label>
        <textarea id={id} rows={3} spellCheck={false} value={text} onChange={(event) => { setText(event.target.value); read.reset(); }} aria-invalid={wrong !== undefined} aria-describedby={`${id}-help`} className="field num h-auto py-2 break-all" placeholder="neurodata-offer:…" />
        <p id={`${id}-help`} className="min-h-5 text-sm text-muted">{wrong ? <span role="alert" className="text-bad">{wrong}</span> : 'As an address, as a line, or as the text of a file.'}</p>
        <div><Button type="submit" look="primary" busy={read.isPending} disabled={text.trim() === ''}>Look at it</Button></div>
      </form>
      {asked && <SignDialog ask={asked} onClose={() => setAsked(undefined)} onDone={() => setText('')} />}
    </Section>
  );
}
