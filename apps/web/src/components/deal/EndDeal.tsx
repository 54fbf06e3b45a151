import type { DealDto } from '@neurodata/protocol';
import type { SignedCancel } from '@neurodata/sdk';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type JSX, useId, useState } from 'react';
import { t } from '../../language/t.ts';
import { readSignedCancel, useCancelDealMutation, useCancelSignedMutation, useSignCancelMutation } from '../../queries/deals.ts';
import { When } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { CodeBlock } from '../Copy.tsx';
import { Failure } from '../Feedback.tsx';
import { Fold } from '../Layout.tsx';
import { AmountForm } from '../token/AmountForm.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { useKept } from '../useKept.ts';
import { useTokenUnit } from '../useTokenUnit.ts';

const GAS = 130_000;
type PartProps = { deal: DealDto; ask: (ask: Ask, clear?: () => void) => void };

/** Both sides end a deal early: one offers how what is left is divided, the other says the same; or one signs, and the other sends. */
export function EndDeal({ deal, isSeller }: { deal: DealDto; isSeller: boolean }): JSX.Element {
  const [asked, setAsked] = useState<{ ask: Ask; clear: (() => void) | undefined }>();
  // What was signed may have been the end; its dialog still says that it is done.
  const isOpen = deal.state === 'open';
  const own = isSeller ? deal.seller : deal.buyer;
  const theirs = deal.offer && deal.offer.party.toLowerCase() !== own.toLowerCase() ? deal.offer : undefined;
  const ask: PartProps['ask'] = (next, clear) => setAsked({ ask: next, clear });
  return (
    <>
      {isOpen && theirs && <Accept deal={deal} toSeller={theirs.toSeller} at={theirs.at} ask={ask} />}
      {isOpen && (
        <Fold title="End the deal together" aside={deal.offer && !theirs ? t`you have offered it` : undefined}>
          <div className="grid gap-6">
            <Propose deal={deal} ask={ask} />
            <Signed deal={deal} ask={ask} />
          </div>
        </Fold>
      )}
      {asked && <SignDialog ask={asked.ask} onClose={() => setAsked(undefined)} onDone={() => asked.clear?.()} />}
    </>
  );
}

const divided = ({ token, left }: DealDto, toSeller: bigint): Ask['lines'] => [[t`To the seller`, <TokenAmount key="seller" amount={toSeller} token={token} strong />], [t`To the buyer`, <TokenAmount key="buyer" amount={left - toSeller} token={token} strong />]];

function Accept({ deal, toSeller, at, ask }: PartProps & { toSeller: bigint; at: number }): JSX.Element {
  const cancel = useMutation(useCancelDealMutation());
  const accept = (): void => ask({
    title: t`End the deal`, text: t`You say the same as the other side. All milestones end at once, and what is left is divided.`, lines: divided(deal, toSeller), gas: GAS, button: t`Sign and end`,
    act: () => cancel.mutateAsync({ dealId: deal.dealId, toSeller }),
  });
  return (
    <div className="panel flex flex-wrap items-center gap-x-4 gap-y-2 p-4 sm:p-5">
      <p className="min-w-0 flex-1 basis-60">The other side offers to end the deal: <TokenAmount amount={toSeller} token={deal.token} strong /> to the seller, <TokenAmount amount={deal.left - toSeller} token={deal.token} strong /> to the buyer. <span className="text-muted">Offered <When at={at} />.</span></p>
      <Button onClick={accept}>Accept and end it</Button>
    </div>
  );
}

function Propose({ deal, ask }: PartProps): JSX.Element {
  const unit = useTokenUnit(deal.token);
  const [byLine, setByLine] = useState(false);
  const cancel = useMutation(useCancelDealMutation());
  const sign = useMutation(useSignCancelMutation());
  const id = useId();
  const choose = (toSeller: bigint, clear: () => void): void => {
    if (byLine) return sign.mutate({ dealId: deal.dealId, toSeller }, { onSuccess: clear });
    return ask({
      title: t`Offer to end the deal`, text: t`Nothing moves until the other side says the same. A new offer takes the place of this one; so does a payment in between.`, lines: divided(deal, toSeller), gas: GAS, button: t`Sign and offer`,
      act: () => cancel.mutateAsync({ dealId: deal.dealId, toSeller }),
    }, clear);
  };
  return (
    <div className="grid gap-3">
      <p className="text-muted">Say how much of what is left the seller gets; the rest goes back to the buyer. The deal ends when the other side says the same.</p>
      <label htmlFor={id} className="flex items-start gap-3"><input id={id} type="checkbox" className="mt-0.5 size-4 accent-accent" checked={byLine} onChange={(event) => setByLine(event.target.checked)} /><span>Only sign: no transaction, one line to send to the other side, good for seven days</span></label>
      <AmountForm keep={`cancel-${deal.dealId}`} label="To the seller" max={unit && deal.left} maxText="All that is left" button={byLine ? t`Sign` : t`Continue`} look="secondary" orNothing decimals={unit?.decimals ?? 18} unit={unit?.unit ?? ''} onAsk={choose} />
      {sign.isError && <Failure error={sign.error} safe="Nothing has moved." />}
      {sign.data && byLine && <div role="status" className="grid gap-2"><p>Send this line to the other side: whoever of you two sends it ends the deal so.</p><CodeBlock label="Signed end of the deal" code={sign.data} /></div>}
    </div>
  );
}

/** The other side has signed already. */
function Signed({ deal, ask }: PartProps): JSX.Element {
  const id = useId();
  const [text, setText] = useKept(`cancel-signed-${deal.dealId}`);
  const end = useMutation(useCancelSignedMutation());
  const read = useMutation({ mutationFn: readSignedCancel });
  const [wrong, setWrong] = useState<string>();
  const take = (signed: SignedCancel): void => {
    if (signed.dealId.toLowerCase() !== deal.dealId.toLowerCase()) return setWrong(t`This line is about another deal.`);
    if (signed.toSeller > deal.left) return setWrong(t`This line divides more than is left.`);
    return ask({
      title: t`End the deal`, text: t`The other side has signed this. All milestones end at once, and what is left is divided.`, lines: [...divided(deal, signed.toSeller), [t`Good until`, <When key="until" at={Number(signed.deadline)} />]], gas: GAS, button: t`Sign and end`,
      act: () => end.mutateAsync(signed),
    }, () => setText(''));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setWrong(undefined);
    read.mutate(text.trim(), { onError: () => setWrong(t`This is no whole line: copy it again, with its braces.`), onSuccess: take });
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-2 border-t border-line pt-4">
      <label htmlFor={id} className="label mb-0">A line that the other side has signed</label>
      <textarea id={id} rows={2} spellCheck={false} value={text} onChange={(event) => { setText(event.target.value); setWrong(undefined); }} aria-invalid={wrong !== undefined} aria-describedby={`${id}-wrong`} className="field num h-auto py-2 break-all" />
      <p id={`${id}-wrong`} className="min-h-5 text-sm text-bad" role={wrong ? 'alert' : undefined}>{wrong}</p>
      <div><Button type="submit" busy={read.isPending} disabled={text.trim() === ''}>Look at it</Button></div>
    </form>
  );
}
