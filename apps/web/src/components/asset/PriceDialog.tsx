import type { ListingDto } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useId } from 'react';
import { t } from '../../language/t.ts';
import { useRepriceMutation } from '../../queries/mutations.ts';
import { tokenQuery } from '../../queries/tokens.ts';
import { SignDialog } from '../token/SignDialog.tsx';
import { typedAmount } from '../token/typedAmount.ts';
import { TokenAmount } from '../TokenAmount.tsx';
import { useKept } from '../useKept.ts';

const GAS = 420_000;

/** The same offer at another price: made anew, then the old one is withdrawn. */
export function PriceDialog({ listing, onClose }: { listing: ListingDto; onClose: () => void }): JSX.Element {
  const id = useId();
  const { listingId, price, token, kind, trialCap } = listing;
  const [text, setText] = useKept(`price-${listingId}`, { byLanguage: true });
  const facts = useQuery({ ...tokenQuery(token ?? '0x'), enabled: token !== null });
  const reprice = useMutation(useRepriceMutation());
  const known = token === null ? {} : facts.data && { decimals: facts.data.decimals, unit: facts.data.name };
  const typed = known ? typedAmount({ text, ...known }) : { wrong: undefined };
  const wrong = typed.amount === price ? t`It costs that already.` : typed.wrong;
  return (
    <SignDialog
      onClose={onClose} onDone={() => setText('')} ready={typed.amount !== undefined && wrong === undefined}
      ask={{
        title: t`Change the price`, text: t`Two transactions: the new offer on the same terms, then the old one is withdrawn. What was bought keeps its price. If only the first goes through, both stand: withdraw the older one.`, gas: GAS, button: t`Sign both`,
        lines: [[t`Now`, <TokenAmount key="now" amount={price} token={token} />], ...(typed.amount === undefined ? [] : [[t`Then`, <TokenAmount key="then" amount={typed.amount} token={token} strong />] satisfies [string, JSX.Element]])],
        act: () => (typed.amount === undefined ? Promise.reject(new Error(t`Write an amount.`)) : reprice.mutateAsync({ listing, price: typed.amount })),
      }}
    >
      <div>
        <label htmlFor={id} className="label">New price{facts.data ? `, ${facts.data.name}` : token === null ? ', NCR' : ''}</label>
        <input id={id} data-autofocus className="field tabular-nums" inputMode="decimal" autoComplete="off" placeholder="0" value={text} onChange={(event) => setText(event.target.value)} aria-invalid={wrong !== undefined} aria-describedby={`${id}-wrong`} />
        <p id={`${id}-wrong`} className="mt-1 min-h-5 text-sm">{wrong && <span role="alert" className="text-bad">{wrong}</span>}</p>
      </div>
      {kind === 'subscription' && <p className="text-sm text-muted">Subscriptions by the old offer run to the end of what is paid and cannot be renewed.</p>}
      {trialCap > 0 && <p className="text-sm text-muted">Trial runs are allowed anew on the new offer.</p>}
    </SignDialog>
  );
}
