import type { AssetDto, ListingKind, Terms } from '@neurodata/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type JSX, useId, useState } from 'react';
import { t } from '../../language/t.ts';
import { algorithmsQuery } from '../../queries/algorithms.ts';
import { useOfferMutation } from '../../queries/mutations.ts';
import { duration, Money, ncr } from '../Amounts.tsx';
import { Button } from '../Button.tsx';
import { AmountForm } from '../token/AmountForm.tsx';
import type { Ask } from '../token/SignDialog.tsx';
import { useKept } from '../useKept.ts';
import { offerWords } from './offerWords.ts';

const GAS = 320_000;
const MOST_DAYS = 3_650;
const MOST_SHARE = 50;

/** One more offer, in NCR: kind and price, and what belongs to the kind. */
export function NewOffer({ asset, ask }: { asset: AssetDto; ask: (ask: Ask, clear: () => void) => void }): JSX.Element | null {
  const [open, setOpen] = useState(false);
  const live = Math.max(0, ...asset.versions.filter(({ status }) => status === 'live').map(({ version }) => version));
  if (live === 0) return <p className="text-muted">A new offer needs a live version.</p>;
  if (asset.curation.status === 'suspended') return <p className="text-muted">While it is suspended, it cannot be offered.</p>;
  return open ? <Form asset={asset} version={live} ask={ask} /> : <div><Button onClick={() => setOpen(true)}>Make a new offer</Button></div>;
}

function Form({ asset: { assetId, kind: assetKind, license, versions }, version, ask }: { asset: AssetDto; version: number; ask: (ask: Ask, clear: () => void) => void }): JSX.Element {
  const id = useId();
  const validatorsMayRead = versions.find((one) => one.version === version)?.validatorsMayRead ?? false;
  const kinds: ListingKind[] = ['download', ...(assetKind === 'dataset' && validatorsMayRead ? ['compute' as const] : []), 'subscription'];
  const [kept, setKept] = useKept(`offer-kind-${assetId}`);
  const [days, setDays] = useKept(`offer-days-${assetId}`);
  const [share, setShare] = useKept(`offer-share-${assetId}`);
  const { data: algorithms } = useQuery(algorithmsQuery());
  const offer = useMutation(useOfferMutation());
  const kind = kinds.find((one) => one === kept) ?? 'download';
  const period = wholeOf(days || '30', 1, MOST_DAYS);
  const part = wholeOf(share || '0', 0, MOST_SHARE);
  const wrong = kind === 'subscription' && period === undefined ? t`Write a whole number of days from 1 to ${MOST_DAYS}.` : kind === 'compute' && part === undefined ? t`Write a whole number from 0 to ${MOST_SHARE}.` : undefined;
  const askOffer = (price: bigint, clear: () => void): void => {
    const terms: Terms = { version: 1, kind, license, validatorsMayRead, algorithms: kind === 'compute' ? (algorithms ?? []).filter(({ copiesRows }) => !copiesRows).map(({ name }) => name) : [], modelShareBps: kind === 'compute' ? (part ?? 0) * 100 : 0 };
    ask({
      title: t`Offer it for ${ncr(price)}`, text: t`Version ${version} and all later ones, on the licence ${license}. The price of an offer never changes: another price is another offer.`, gas: GAS, button: t`Sign and offer`,
      lines: [[offerWords[kind], <Money key="price" amount={price} strong />], ...(kind === 'subscription' ? [[t`For each`, duration((period ?? 0) * 86_400)] satisfies [string, string]] : []), ...(kind === 'compute' ? [[t`Share of models`, `${part ?? 0} %`] satisfies [string, string]] : [])],
      act: () => offer.mutateAsync({ assetId, firstVersion: version, price, terms, ...(kind === 'subscription' ? { periodMinutes: (period ?? 0) * 1_440 } : {}) }),
    }, clear);
  };
  return (
    <div className="max-w-xl border-t border-line pt-4">
      <AmountForm
        keep={`offer-price-${assetId}`} label="Price" max={undefined} unlimited maxText="" button="Offer" blocked={wrong !== undefined || (kind === 'compute' && !algorithms)} onAsk={askOffer}
        hint={() => (kind === 'compute' ? t`of a run, besides its worker and validators; all algorithms whose models hold no rows` : t`in NCR; the fee comes out of it`)}
        before={(
          <div className="grid gap-3 sm:grid-cols-2">
            <div>
              <label htmlFor={`${id}-kind`} className="label">What is offered</label>
              <select id={`${id}-kind`} className="field" value={kind} onChange={(event) => setKept(event.target.value)}>{kinds.map((one) => <option key={one} value={one}>{offerWords[one]}</option>)}</select>
            </div>
            {kind === 'subscription' && <div><label htmlFor={`${id}-days`} className="label">Days that it lasts</label><input id={`${id}-days`} className="field tabular-nums" inputMode="numeric" value={days} placeholder="30" onChange={(event) => setDays(event.target.value)} aria-invalid={wrong !== undefined} aria-describedby={`${id}-wrong`} /></div>}
            {kind === 'compute' && <div><label htmlFor={`${id}-share`} className="label">Share of models, %</label><input id={`${id}-share`} className="field tabular-nums" inputMode="numeric" value={share} placeholder="0" onChange={(event) => setShare(event.target.value)} aria-invalid={wrong !== undefined} aria-describedby={`${id}-wrong`} /></div>}
            <p id={`${id}-wrong`} className="text-sm sm:col-span-2">{wrong && <span role="alert" className="text-bad">{wrong}</span>}</p>
          </div>
        )}
      />
    </div>
  );
}

function wholeOf(text: string, least: number, most: number): number | undefined {
  const value = /^\d{1,4}$/.test(text.trim()) ? Number(text) : undefined;
  return value !== undefined && value >= least && value <= most ? value : undefined;
}
