import { type ListingDto, formatNcr, parseNcr } from '@neurodata/protocol';
import { useMutation } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { unpointed } from '../../language/format.ts';
import { useOfferTrialsMutation } from '../../queries/trials.ts';
import { Money } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { Failure } from '../Feedback.tsx';
import { Field } from '../PublishFields.tsx';

/** Its seller allows trial runs, says what they cost, or ends them. */
export function OfferTrials({ listing: { listingId, trialFee, trialCap } }: { listing: ListingDto }): JSX.Element {
  const offered = trialCap > 0;
  const [fee, setFee] = useState(offered ? formatNcr(trialFee) : '1');
  const [cap, setCap] = useState(offered ? String(trialCap) : '3');
  const save = useMutation(useOfferTrialsMutation());
  const submit = (): void => save.mutate({ listingId, fee: parseNcr(unpointed(fee)), cap: Number(cap) });
  return (
    <details className="border-t border-line pt-4">
      <summary className="font-medium">{offered ? <>Trial runs: <Money amount={trialFee} /> each</> : 'Allow trial runs'}</summary>
      <form className="mt-3 grid gap-3" onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <p className="text-sm text-muted">Before they buy, others may have a run on your rows that gives metrics rounded to two digits and no model. Wallets cost nothing: the cap slows the curious down, the fee holds them off.</p>
        <Field id="trial-fee" label="Fee in NCR" help="Back to whoever buys in time, otherwise yours"><input id="trial-fee" required inputMode="decimal" pattern="[0-9.,]+" value={fee} onChange={(event) => setFee(event.target.value)} className="field num" /></Field>
        <Field id="trial-cap" label="Trials for each wallet"><input id="trial-cap" required inputMode="numeric" pattern="[1-9][0-9]{0,3}" value={cap} onChange={(event) => setCap(event.target.value)} className="field num" /></Field>
        <div className="flex flex-wrap gap-2">
          <Button type="submit" busy={save.isPending}>{offered ? 'Change' : 'Allow'}</Button>
          {offered && <Button look="quiet" disabled={save.isPending} onClick={() => save.mutate({ listingId, fee: trialFee, cap: 0 })}>End trials</Button>}
        </div>
        {save.isError && <Failure error={save.error} safe="Trials are as they were." />}
      </form>
    </details>
  );
}
