import type { AssetDto, Purpose, Terms } from '@neurodata/protocol';
import type { RunQuote } from '@neurodata/sdk';
import { useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { useWallet } from '../client/wallet.ts';
import { findOffer, type Offer } from '../components/asset/offers.ts';
import { Readers } from '../components/asset/OfferPanel.tsx';
import { Money, duration, plural } from '../components/Amounts.tsx';
import { BottomBar } from '../components/BottomBar.tsx';
import { Button, ButtonLink } from '../components/Button.tsx';
import { Empty, Failure, PageSkeleton } from '../components/Feedback.tsx';
import { Funds } from '../components/Fix.tsx';
import { PurposeChoice } from '../components/PurposeChoice.tsx';
import { Fold, PageTitle, Section } from '../components/Layout.tsx';
import { AlgorithmPicker, GoalPicker } from '../components/train/AlgorithmPicker.tsx';
import { ColumnPicker } from '../components/train/ColumnPicker.tsx';
import { ParameterFields } from '../components/train/ParameterFields.tsx';
import { PreparationFields } from '../components/train/PreparationFields.tsx';
import { boardChoice, boardProblems, withBoard } from '../components/train/boardSplit.ts';
import { type Draft, draftFor } from '../components/train/draft.ts';
import { specOf } from '../components/train/draftSpec.ts';
import { planOf } from '../components/train/planOf.ts';
import { SelectionFields, selectionText } from '../components/train/SelectionFields.tsx';
import { useShell } from '../components/useShell.ts';
import { numeral } from '../language/format.ts';
import { t } from '../language/t.ts';
import { assetQuery, quoteQuery, termsQuery } from '../queries/assets.ts';
import { accountQuery } from '../queries/chain.ts';
import { boardSplitQuery } from '../queries/leaderboard.ts';
import { useStartRunMutation } from '../queries/mutations.ts';
import { trialOfferQuery } from '../queries/trials.ts';
import { NotFound } from './NotFound.tsx';

/** What to train, on which columns, for how much. */
export function TrainPage(): JSX.Element {
  const id = Number(useParams()['assetId']);
  const { data: asset, error, refetch } = useQuery(assetQuery(id));
  if (!Number.isSafeInteger(id) || id < 1) return <NotFound />;
  if (error && !asset) return <Failure error={error} retry={() => void refetch()} />;
  if (!asset) return <PageSkeleton />;
  const offer = findOffer(asset, 'compute');
  if (!offer) return <Empty title="No training on offer" action={<ButtonLink to={`/datasets/${id}`}>Back to the dataset</ButtonLink>}>The owner of “{asset.title}” sells no training runs on a live version.</Empty>;
  if (asset.columnList.length < 2) return <Empty title="No columns to choose from" action={<ButtonLink to={`/datasets/${id}`}>Back to the dataset</ButtonLink>}>Its publisher described fewer than two columns, so there is no target and feature to name.</Empty>;
  return <TermsFirst key={asset.assetId} asset={asset} offer={offer} />;
}

/** What may be trained is in the offer's terms. */
function TermsFirst({ asset, offer }: { asset: AssetDto; offer: Offer }): JSX.Element {
  const { data: terms, error, refetch } = useQuery(termsQuery(offer.listing));
  if (error && !terms) return <Failure error={error} safe="The terms’ digest is on chain; only their text could not be read." retry={() => void refetch()} />;
  if (!terms) return <PageSkeleton />;
  const draft = draftFor(asset.columnList, terms);
  if (draft.algorithm === '') return <Empty title="Nothing to train here" action={<ButtonLink to={`/datasets/${asset.assetId}`}>Back to the dataset</ButtonLink>}>This engine has none of the algorithms that the offer’s terms admit.</Empty>;
  return <TrainForm asset={asset} offer={offer} terms={terms} first={draft} />;
}

function TrainForm({ asset, offer, terms, first }: { asset: AssetDto; offer: Offer; terms: Terms; first: Draft }): JSX.Element {
  const trial = useSearchParams()[0].has('trial');
  const wallet = useWallet();
  const [draft, setDraft] = useState<Draft>(first);
  const board = useQuery(boardSplitQuery(asset.assetId, offer.version));
  // The scores of a trial are rounded: it stands on no leaderboard.
  const choice = trial ? 'no-board' : boardChoice(draft, board.data, board.isError);
  const made = specOf(withBoard(draft, choice, board.data), asset.columnList, terms);
  const planned = 'spec' in made && asset.rows !== undefined ? planOf(made.spec, asset.columnList, asset.rows) : undefined;
  const problem = 'problem' in made ? made.problem : planned && 'problem' in planned ? planned.problem : boardProblems[choice];
  const plan = planned && 'plan' in planned ? planned.plan : undefined;
  const [purpose, setPurpose] = useState<Purpose>();
  const start = useMutation(useStartRunMutation());
  const navigate = useNavigate();
  const quote = useQuery(quoteQuery({ listingId: offer.listing.listingId, version: offer.version, train: 'spec' in made ? made.spec : undefined, trial, account: wallet?.address, purpose }));
  const submit = (): void => {
    if (!quote.data || quote.isPlaceholderData || !('spec' in made) || problem !== undefined || choice === 'reading') return;
    const input = { listingId: offer.listing.listingId, version: offer.version, train: made.spec, maxTotal: quote.data.total, trial, ...(purpose ? { purpose } : {}) };
    start.mutate(input, { onSuccess: ({ jobId }) => void navigate(`/runs/${jobId}`) });
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <PageTitle title={trial ? t`Try ${asset.title}` : t`Train on ${asset.title}`}>A worker drawn by the chain runs it on the sealed rows of version {offer.version}; <Link className="link" to={`/datasets/${asset.assetId}`}>back to the dataset</Link>.</PageTitle>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_320px]">
        <div className="grid min-w-0 gap-6">
          <PurposeChoice assetId={asset.assetId} version={offer.version} purpose={purpose} onChange={setPurpose} />
          <Section title="Goal"><GoalPicker columns={asset.columnList} draft={draft} admission={terms} onChange={setDraft} /></Section>
          <Section title="Columns" aside={<span className="text-sm text-muted">{plural(draft.features.length, 'feature')}</span>}><ColumnPicker columns={asset.columnList} draft={draft} onChange={setDraft} /></Section>
          <Section title="Algorithm"><AlgorithmPicker columns={asset.columnList} draft={draft} admission={terms} onChange={setDraft} /></Section>
          <Section title="Parameters" aside={<span className="text-sm text-muted">names and meaning as in scikit-learn</span>}><ParameterFields draft={draft} admission={terms} onChange={setDraft} /></Section>
          <Fold title="Validate and search" aside={selectionText(draft, plan)}><SelectionFields draft={draft} admission={terms} plan={plan} onChange={setDraft} /></Fold>
          <Section title="Preparation and limits"><PreparationFields columns={asset.columnList} draft={draft} board={{ choice, split: board.data }} onChange={setDraft} /></Section>
        </div>
        <aside aria-label="Quote" className="grid gap-4 lg:sticky lg:top-20">
          <QuotePanel asset={asset} offer={offer} quote={quote} trial={trial} problem={problem} busy={start.isPending || choice === 'reading'} />
          {start.isError && <Failure error={start.error} safe="If no transaction was made, no money has moved. Otherwise it is in escrow and on your runs page." />}
        </aside>
      </div>
    </form>
  );
}

function QuotePanel({ asset, offer, quote, trial, problem, busy }: { asset: AssetDto; offer: Offer; quote: UseQueryResult<RunQuote>; trial: boolean; problem: string | undefined; busy: boolean }): JSX.Element {
  const wallet = useWallet();
  const { data: account } = useQuery(accountQuery(wallet?.address));
  const { show } = useShell();
  const version = asset.versions.find(({ version: number }) => number === offer.version);
  const short = quote.data !== undefined && account !== undefined && account.balance < quote.data.total;
  const lines = quote.data && ([[trial ? t`Fee of the trial` : t`To the dataset’s owner`, quote.data.price], [t`To the worker, at most`, quote.data.maxWorkerFee], [t`To validators, who run it again`, quote.data.validationFee]] as const);
  return (
    <div className="panel grid gap-4 p-5">
      <h2 className="text-lg">Quote</h2>
      {quote.isError && <Failure error={quote.error} retry={() => void quote.refetch()} />}
      <dl className="grid gap-2">
        {lines?.map(([name, amount]) => <div key={name} className="flex justify-between gap-4"><dt className="text-muted">{name}</dt><dd><Money amount={amount} /></dd></div>)}
        <div className="flex justify-between gap-4 border-t border-line pt-2 font-medium"><dt>Total into escrow</dt><dd>{quote.data ? <Money amount={quote.data.total} strong /> : '…'}</dd></div>
      </dl>
      <BottomBar>
        {wallet
          ? <Button type="submit" look="primary" busy={busy} disabled={!quote.data || quote.isPlaceholderData || quote.data.workers.length === 0 || problem !== undefined || short}>{trial ? 'Start the trial' : 'Start training'}</Button>
          : <Button look="primary" onClick={() => show('wallet')}>Choose a wallet</Button>}
      </BottomBar>
      {problem && <p role="alert" className="text-warn">{problem}</p>}
      {quote.data && <WorkersForIt quote={quote.data} />}
      {short && <div role="alert" className="grid gap-2 text-warn"><p>This wallet holds too little NCR.</p><Funds /></div>}
      <div className="grid gap-2 border-t border-line pt-4 text-sm text-muted">
        <p>If nobody runs it in time, or validators get another model, all of it comes back to you.</p>
        {trial && <TrialTerms listingId={offer.listing.listingId} />}
        {version && <Readers mayRead={version.validatorsMayRead} />}
        {!trial && offer.listing.modelShareBps > 0 && <p>If you sell the model, {numeral(offer.listing.modelShareBps / 100)} % of its price goes to the dataset’s owner.</p>}
      </div>
    </div>
  );
}

/** What becomes of a trial's fee. */
function TrialTerms({ listingId }: { listingId: number }): JSX.Element | null {
  const wallet = useWallet();
  const { data: trials } = useQuery(trialOfferQuery(listingId, wallet?.address));
  if (!trials) return null;
  return <p>You get its metrics, rounded to two digits, and no model. The fee comes back too if this wallet buys the data within {duration(trials.holdSeconds)} of the run; otherwise it is its owner’s. {trials.left} of {trials.cap} trials are left to this wallet.</p>;
}

/** Who could be drawn, and for how much. */
function WorkersForIt({ quote: { workers, needs } }: { quote: RunQuote }): JSX.Element {
  const [cheapest, dearest] = [workers[0], workers.at(-1)];
  if (!cheapest || !dearest) return <p role="alert" className="text-warn">No registered worker fits this run now: it needs {numeral(needs.memoryMiB)} MiB of memory and {plural(needs.units, 'unit')} of work. Lower its limits, or try later.</p>;
  return (
    <p className="text-sm text-muted">
      {plural(workers.length, 'worker')} can run it, for <Money amount={cheapest.fee} />{dearest.fee > cheapest.fee && <> to <Money amount={dearest.fee} /></>}; the chain draws one. What it asks less than the most comes back to you with its result, and if it falls silent another one takes over for the same money.
    </p>
  );
}
