import type { AssetDto, Terms } from '@neurodata/protocol';
import { type UseMutationResult, useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, type JSX, useState } from 'react';
import { Link } from 'react-router';
import type { Address } from 'viem';
import { nodeUrl } from '../../client/nodeUrl.ts';
import { useWallet } from '../../client/wallet.ts';
import { t } from '../../language/t.ts';
import { configQuery, demoAccountsQuery } from '../../queries/chain.ts';
import { type MakeOfferInput, useMakeOfferMutation } from '../../queries/offers.ts';
import { AccountField } from '../AccountField.tsx';
import { licenseName } from '../AssetCard.tsx';
import { Button } from '../Button.tsx';
import { CodeBlock } from '../Copy.tsx';
import { Failure } from '../Feedback.tsx';
import { Line } from '../Line.tsx';
import { Modal } from '../Modal.tsx';
import { Field } from '../PublishFields.tsx';
import { TokenAmount } from '../TokenAmount.tsx';
import { typedAccount } from '../typedAccount.ts';
import { typedAmount } from '../token/typedAmount.ts';
import { useKept } from '../useKept.ts';
import { useTokenUnit } from '../useTokenUnit.ts';
import { feeOf } from '../asset/offers.ts';

const DAY = 86_400;
const MOST_DAYS = 365;
const USUAL_DAYS = '7';
/** The address of an offer's page: what stands after # is not sent to any node. */
const pageOf = (link: string): string => `${nodeUrl}/offers#${link}`;

type DialogProps = { asset: AssetDto; version: AssetDto['versions'][number]; onClose: () => void };

/** A number of days in seconds; undefined where it is none. */
const typedDays = (text: string): number | undefined => (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= MOST_DAYS ? Number(text) * DAY : undefined);

type Draft = { to: string; price: string; days: string; note: string; token: string };
type SetDraft = (change: Partial<Draft>) => void;

/** What was typed, kept over a reload. */
function useDraft(assetId: number): [Draft, SetDraft] {
  const keep = `offer.${assetId}`;
  const [to, setTo] = useKept(`${keep}.to`);
  const [price, setPrice] = useKept(`${keep}.price`, { byLanguage: true });
  const [days, setDays] = useKept(`${keep}.days`);
  const [note, setNote] = useKept(`${keep}.note`);
  const [token, setToken] = useKept(`${keep}.token`);
  const setters: Record<keyof Draft, (text: string) => void> = { to: setTo, price: setPrice, days: setDays, note: setNote, token: setToken };
  const set: SetDraft = (change) => { for (const [name, text] of Object.entries(change)) setters[name as keyof Draft](text); };
  return [{ to, price, days, note, token }, set];
}

/** The owner signs an offer that one buyer alone can accept; nothing goes on chain before that. */
export function PrivateOfferDialog({ asset, version, onClose }: DialogProps): JSX.Element {
  const make = useMutation(useMakeOfferMutation());
  const [draft, set] = useDraft(asset.assetId);
  return (
    <Modal open onOpenChange={(open) => !open && !make.isPending && onClose()} title="Offer it to one buyer" description={t`${asset.title}, version ${version.version}, ${licenseName(asset.license)}`}>
      {make.data ? <Made link={make.data} onClose={onClose} /> : <Form asset={asset} version={version} make={make} draft={draft} set={set} onClose={onClose} />}
    </Modal>
  );
}

type FormProps = DialogProps & { make: UseMutationResult<string, Error, MakeOfferInput>; draft: Draft; set: SetDraft };

function Form({ asset, version, make, draft: { to, price, days, note, token: tokenText }, set, onClose }: FormProps): JSX.Element {
  const [tried, setTried] = useState(false);
  const wallet = useWallet();
  const { data: people } = useQuery(demoAccountsQuery());
  const { data: config } = useQuery(configQuery());
  const token = tokenText.trim() === '' ? null : /^0x[0-9a-f]{40}$/i.test(tokenText.trim()) ? (tokenText.trim() as Address) : undefined;
  const unit = useTokenUnit(token ?? null);
  const buyer = typedAccount({ text: to, people, own: wallet?.address });
  const typed = typedAmount({ text: price, decimals: unit?.decimals ?? 18, unit: unit?.unit ?? '' });
  const within = typedDays(days.trim() || USUAL_DAYS);
  const wrong = {
    price: typed.wrong ?? (tried && price.trim() === '' ? t`Write an amount.` : undefined),
    days: within === undefined ? t`Write a whole number from 1 to ${MOST_DAYS}.` : undefined,
    token: token === undefined ? t`This is no address of a token.` : undefined,
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!buyer.account || typed.amount === undefined || within === undefined || token === undefined) return;
    const terms: Terms = { version: 1, kind: 'download', license: asset.license, validatorsMayRead: version.validatorsMayRead, algorithms: [], modelShareBps: 0, ...(note.trim() === '' ? {} : { note: note.trim() }) };
    make.mutate({ assetId: asset.assetId, version: version.version, buyer: buyer.account, price: typed.amount, token: token ?? undefined, terms, within }, { onSuccess: () => set({ to: '', price: '', days: '', note: '', token: '' }) });
  };
  return (
    <form noValidate className="grid gap-4" onSubmit={submit}>
      <AccountField id="offer-to" label="Who may accept it" autoFocus value={to} onChange={(text) => set({ to: text })} own={wallet?.address} problem={tried && to.trim() === '' ? t`Name the buyer.` : undefined} />
      <div className="grid grid-cols-2 gap-3">
        <Field id="offer-price" label={t`Price, ${unit?.unit ?? ''}`} problem={wrong.price}><input id="offer-price" className="field tabular-nums" inputMode="decimal" autoComplete="off" value={price} onChange={(event) => set({ price: event.target.value })} aria-invalid={wrong.price !== undefined} {...(wrong.price ? { 'aria-describedby': 'offer-price-help' } : {})} /></Field>
        <Field id="offer-days" label="Days that it holds" problem={wrong.days}><input id="offer-days" className="field tabular-nums" inputMode="numeric" autoComplete="off" placeholder={USUAL_DAYS} value={days} onChange={(event) => set({ days: event.target.value })} aria-invalid={wrong.days !== undefined} {...(wrong.days ? { 'aria-describedby': 'offer-days-help' } : {})} /></Field>
      </div>
      <Field id="offer-note" label="What else was agreed, if anything" help="Stored publicly with the licence’s terms."><textarea id="offer-note" rows={2} maxLength={2_000} className="field h-auto py-2" value={note} onChange={(event) => set({ note: event.target.value })} aria-describedby="offer-note-help" /></Field>
      <Field id="offer-token" label="Paid in another token" help="Address of an ERC-20 that the market allows. Empty: NCR." problem={wrong.token}><input id="offer-token" className="field num" autoComplete="off" spellCheck={false} placeholder="0x…" value={tokenText} onChange={(event) => set({ token: event.target.value })} aria-invalid={wrong.token !== undefined} aria-describedby="offer-token-help" /></Field>
      {typed.amount !== undefined && config && token !== undefined && (
        <dl className="grid gap-2">
          <Line name={t`The buyer pays`}><TokenAmount amount={typed.amount} token={token} strong /></Line>
          <Line name={t`You get, after the fee`}><TokenAmount amount={typed.amount - feeOf(typed.amount, config.feeBps)} token={token} /></Line>
        </dl>
      )}
      <p className="rounded-md bg-bg px-4 py-3 text-sm">You sign and nothing is sent: it costs no gas, and nothing is on chain before the buyer accepts. You can cancel it until then, for a little gas.</p>
      {make.isError && <Failure error={make.error} safe="Nothing was offered, and what you typed is as it was." />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose} disabled={make.isPending}>Cancel</Button>
        <Button type="submit" look="primary" busy={make.isPending}>{make.isPending ? 'Signing' : 'Sign the offer'}</Button>
      </div>
    </form>
  );
}

function Made({ link, onClose }: { link: string; onClose: () => void }): JSX.Element {
  return (
    <div className="grid gap-4">
      <p role="status">The offer is signed. Send this address to the buyer: whoever has it sees the price, and only the buyer can accept.</p>
      <CodeBlock label="Address of the offer" code={pageOf(link)} />
      <p className="text-sm text-muted">It is kept in this browser, on the page of your <Link className="link" to="/offers" onClick={onClose}>private offers</Link>: there you see whether it was accepted, and cancel it.</p>
      <div className="flex justify-end"><Button look="primary" data-autofocus onClick={onClose}>Close</Button></div>
    </div>
  );
}
