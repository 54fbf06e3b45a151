import { NeuroError } from '@neurodata/protocol';
import type { Signing } from '@neurodata/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { Check, CircleAlert, CircleSlash, LoaderCircle, PenLine, X } from 'lucide-react';
import { type JSX, useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { Hex } from 'viem';
import { connect, loadVerbs } from '../client/connect.ts';
import { type KeptSigning, dismissSigning, tellSigning, useSignings } from '../client/signings.ts';
import { useInjected } from '../client/walletChoice.ts';
import { useSaid } from '../language/Said.tsx';
import { t } from '../language/t.ts';
import { count, plural } from './Amounts.tsx';
import { shorten } from './Copy.tsx';
import { Sentence } from './explorer/Sentence.tsx';

/** How long what needs no answer stays in view, in milliseconds. Failures stay until they are dismissed. */
const STAY_MS: Partial<Record<KeptSigning['state'], number>> = { signed: 4_000, confirmed: 8_000, rejected: 12_000 };
/** How long a transaction of an earlier load of the page is watched. */
const WATCH_MS = 600_000;

/** How many stand in view; what is older waits behind a button. */
const MOST_SHOWN = 2;

/** What is being signed, in a sentence, and what came of it: at the edge of the page, or inside of the dialog that is open. Newest first. */
export function Signings({ inDialog = false }: { inDialog?: boolean }): JSX.Element | null {
  const newest = useSignings().toReversed();
  const [all, setAll] = useState(false);
  if (newest.length === 0) return null;
  const older = newest.length - MOST_SHOWN;
  const place = inDialog ? 'mt-4 grid grid-cols-1 gap-2' : 'pointer-events-none fixed inset-x-4 top-16 z-40 grid max-h-[70dvh] grid-cols-1 justify-items-end gap-2 overflow-y-auto sm:top-auto sm:bottom-4 sm:left-auto sm:w-[380px]';
  return (
    <section aria-label="Signatures" aria-live="polite" className={place}>
      {newest.map((signing, index) => <Item key={signing.id} signing={signing} raised={!inDialog} shown={all || index < MOST_SHOWN} />)}
      {older > 0 && <button type="button" aria-expanded={all} onClick={() => setAll(!all)} className="pointer-events-auto rounded-md border border-line bg-surface px-3 py-1 text-sm text-muted shadow-lg hover:text-text">{all ? 'Show fewer' : plural(older, 'older notice')}</button>}
    </section>
  );
}

/** Those that are not shown leave in their time too. */
function Item({ signing, raised, shown }: { signing: KeptSigning; raised: boolean; shown: boolean }): JSX.Element | null {
  const { id, sentence, state, data, failure } = signing;
  useWatch(signing);
  const [what, message, remedy] = [useSaid(sentence), useSaid(failure?.message ?? ''), useSaid(failure?.remedy ?? '')];
  useEffect(() => {
    const stay = STAY_MS[state];
    if (stay === undefined) return undefined;
    const timer = setTimeout(() => dismissSigning(id), stay);
    return () => clearTimeout(timer);
  }, [id, state]);
  if (!shown) return null;
  return (
    <div data-testid="signing" data-state={state} className={`pointer-events-auto flex w-full gap-3 rounded-lg border border-line p-3 text-sm ${raised ? 'animate-appear bg-surface shadow-lg' : 'bg-bg'}`}>
      <Sign state={state} />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words"><Sentence text={what} /></p>
        <p className="text-muted"><Standing signing={signing} /></p>
        {/* A dialog shows what failed itself. */}
        {failure && raised && <p className="break-words"><Sentence text={state === 'rejected' ? remedy : `${message} ${remedy}`} /></p>}
        {data && state === 'asked' && (
          <details className="mt-1">
            <summary className="text-muted">What is signed, field by field</summary>
            <dl className="mt-1 grid gap-1 text-xs">
              {[...data.domain, ...data.fields].map(([name, value]) => <div key={name} className="grid grid-cols-[88px_1fr] gap-2"><dt className="text-muted">{name}</dt><dd className="max-h-32 overflow-y-auto break-words whitespace-pre-wrap">{value}</dd></div>)}
            </dl>
          </details>
        )}
      </div>
      {state !== 'asked' && <button type="button" onClick={() => dismissSigning(id)} aria-label="Dismiss" className="grid size-6 shrink-0 place-items-center rounded-md text-muted hover:bg-line/50 hover:text-text"><X size={14} /></button>}
    </div>
  );
}

function Sign({ state }: { state: KeptSigning['state'] }): JSX.Element {
  const common = { size: 16, className: 'mt-0.5 shrink-0', 'aria-hidden': true };
  if (state === 'asked') return <PenLine {...common} className="mt-0.5 shrink-0 text-accent" />;
  if (state === 'sent') return <LoaderCircle {...common} className="mt-0.5 shrink-0 animate-spin text-accent" />;
  if (state === 'confirmed' || state === 'signed') return <Check {...common} className="mt-0.5 shrink-0 text-good" />;
  if (state === 'rejected') return <CircleSlash {...common} className="mt-0.5 shrink-0 text-muted" />;
  return <CircleAlert {...common} className={`mt-0.5 shrink-0 ${state === 'replaced' ? 'text-warn' : 'text-bad'}`} />;
}

function Standing({ signing }: { signing: KeptSigning }): JSX.Element {
  const { state, kind, hash, block, repriced, account } = signing;
  const wallet = useInjected()?.wallet;
  const link = hash && <Link to={`/explorer/tx/${hash}`} className="link num">{shorten(hash)}</Link>;
  switch (state) {
    case 'asked': return <>{wallet?.address === account ? `${wallet.name} asks you now: look at its window.` : kind === 'data' ? 'Signing' : 'Signing and sending'}</>;
    case 'signed': return <>Signed. It costs nothing until it is used.</>;
    case 'sent': return <>Pending: waiting for its block. {link}</>;
    case 'confirmed': return <>{repriced ? 'Sent again with another fee; in' : 'In'} block {block !== undefined && count(block)}. {link}</>;
    case 'replaced': return <>Replaced. {link}</>;
    case 'rejected': return <>Refused in the wallet.</>;
    default: return <>Failed. {link}</>;
  }
}

const watched = new Set<string>();

/** What an earlier load of the page sent is nobody's any more: its receipt is waited for here, once. */
function useWatch(signing: KeptSigning): void {
  const queries = useQueryClient();
  useEffect(() => {
    const { restored, ...kept } = signing;
    if (!restored || kept.state !== 'sent' || kept.hash === undefined || watched.has(kept.id)) return;
    watched.add(kept.id);
    void settle(kept, kept.hash).then(tellSigning).then(() => queries.invalidateQueries());
  }, [signing, queries]);
}

async function settle(signing: Signing, hash: Hex): Promise<Signing> {
  try {
    const [{ publicClient }, { awaitSent }] = await Promise.all([connect(), loadVerbs()]);
    const { status, blockNumber, transactionHash } = await awaitSent({ publicClient, hash, timeoutMs: WATCH_MS });
    const settled = { ...signing, hash: transactionHash, block: Number(blockNumber), repriced: transactionHash !== hash };
    if (status === 'success') return { ...settled, state: 'confirmed' };
    return { ...settled, state: 'failed', failure: { message: t`The contract refused it in its block.`, remedy: t`The link shows it; nothing but gas was spent.` } };
  } catch (error) {
    const replaced = error instanceof NeuroError && error.code === 'CONFLICT';
    return { ...signing, state: replaced ? 'replaced' : 'failed', failure: { message: replaced ? error.message : t`It was not seen in a block.`, ...(replaced ? {} : { remedy: t`Look for it by its link before you send it again.` }) } };
  }
}
