import { useMutation } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import type { Hex } from 'viem';
import { t } from '../../language/t.ts';
import { useCancelAllOffersMutation, useCancelOfferMutation } from '../../queries/offers.ts';
import { Button } from '../Button.tsx';
import { type Ask, SignDialog } from '../token/SignDialog.tsx';

const GAS = { one: 70_000, all: 60_000 };

/** Ends an offer of one's own, where one is named, or all that the account has signed so far. */
export function CancelOffers({ offerHash, isOver = false }: { offerHash?: Hex; /** Nothing is left to cancel; a dialog that is open still says what was done. */ isOver?: boolean }): JSX.Element {
  const one = useMutation(useCancelOfferMutation());
  const all = useMutation(useCancelAllOffersMutation());
  const [asked, setAsked] = useState<Ask>();
  const askOne = (hash: Hex): void => setAsked({
    title: t`Cancel this offer`, text: t`Nobody can accept it any more. Your other offers stay as they are.`, lines: [], gas: GAS.one, button: t`Sign and cancel`, danger: true, act: () => one.mutateAsync(hash),
  });
  const askAll = (): void => setAsked({
    title: t`Withdraw all private offers`, text: t`Every offer that this wallet has signed so far ends, also those that this browser does not know. Offers that were accepted stay orders.`, lines: [], gas: GAS.all, button: t`Sign and withdraw`, danger: true, act: () => all.mutateAsync(undefined),
  });
  return (
    <div className={isOver ? 'contents' : 'flex flex-wrap gap-2'}>
      {offerHash && !isOver && <Button look="danger" onClick={() => askOne(offerHash)}>Cancel this offer</Button>}
      {!isOver && <Button look={offerHash ? 'quiet' : 'danger'} onClick={askAll}>Withdraw all of yours</Button>}
      {asked && <SignDialog ask={asked} onClose={() => setAsked(undefined)} />}
    </div>
  );
}
