import { explainAccusation, NeuroError } from '@neurodata/protocol';
import type { RoundCount, ValidatorRound, ValidatorStatus } from '@neurodata/sdk';
import { useQuery } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { Link, useParams } from 'react-router';
import { Account } from '../components/Account.tsx';
import { Money, When, count, plural } from '../components/Amounts.tsx';
import { Button } from '../components/Button.tsx';
import { Hash } from '../components/Copy.tsx';
import { Empty, Failure, PageSkeleton } from '../components/Feedback.tsx';
import { Explain, Facts, Section } from '../components/Layout.tsx';
import { Badge } from '../components/State.tsx';
import { RoundItem } from '../components/validator/RoundItem.tsx';
import { ValidatorActions } from '../components/validator/ValidatorActions.tsx';
import { numeral } from '../language/format.ts';
import { Said } from '../language/Said.tsx';
import { tAs } from '../language/t.ts';
import { validatorStatusQuery } from '../queries/validators.ts';
import { NotFound } from './NotFound.tsx';

const STEP = 20;
const MOST = 200;

/** Why a validator was paid or not, and what it has to do next: read from the chain by this page. */
export function ValidatorPage(): JSX.Element {
  const validatorId = Number(useParams()['validatorId']);
  const [rounds, setRounds] = useState(STEP);
  const known = Number.isSafeInteger(validatorId) && validatorId > 0;
  const { data, error, refetch, isPlaceholderData } = useQuery({ ...validatorStatusQuery(validatorId, rounds), enabled: known });
  if (!known || (error instanceof NeuroError && error.code === 'NOT_FOUND')) return <NotFound />;
  if (error && !data) return <Failure error={error} safe="Stake and rewards are in the contracts; this page only reads them." retry={() => void refetch()} />;
  if (data?.validatorId !== validatorId) return <PageSkeleton />;
  const more = data.rounds.length >= rounds && rounds < MOST ? () => setRounds((before) => before + STEP) : undefined;
  return (
    <>
      <title>{`Validator ${validatorId} · NeuroData`}</title>
      <Heading status={data} />
      {error && <div className="mb-6"><Failure error={error} safe="What is shown is older." retry={() => void refetch()} /></div>}
      <div className="grid items-start gap-6 lg:grid-cols-[1fr_340px]">
        <div className="grid min-w-0 gap-6">
          <Duties status={data} />
          <ValidatorActions status={data} />
          <LastRounds rounds={data.rounds.filter(({ right }) => right !== undefined)} more={more} busy={isPlaceholderData} />
          <Accusations accusations={data.accusations} />
        </div>
        <div className="grid min-w-0 gap-6"><Record status={data} /><Standing status={data} /></div>
      </div>
      <Source status={data} />
    </>
  );
}

function Heading({ status: { validatorId, account, active, stake } }: { status: ValidatorStatus }): JSX.Element {
  return (
    <div className="mb-6 grid gap-1">
      <p className="text-sm"><Link className="link" to="/validators">Validators</Link></p>
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="text-2xl">Validator {validatorId}</h1>
        <Badge tone={active ? 'accent' : 'plain'}>{active ? 'Active' : stake.locked > 0n ? 'Drawn no more' : 'Left'}</Badge>
        <Hash value={account} label="account" />
      </div>
    </div>
  );
}

function Standing({ status: { stake, costs, atRisk, endpoint, encryptionKey } }: { status: ValidatorStatus }): JSX.Element {
  return (
    <Section title={tAs('what is at stake')`Stake`}>
      <Facts facts={[
        [tAs('of stake')`Locked`, <span key="locked"><Money amount={stake.locked} strong /> of <Money amount={stake.own} /></span>],
        [tAs('of stake')`Free`, <Explain key="free" text="What a slash takes is filled up from here"><Money amount={stake.free} /></Explain>],
        ['Delegated', stake.delegated > 0n && <Explain key="delegated" text="Lent by others; it loses the same part when this validator is slashed"><Money amount={stake.delegated} /></Explain>],
        ['At risk now', <Explain key="risk" text="The most that its open rounds together can still cost"><Money amount={atRisk} /></Explain>],
        ['Silence costs', <Money key="silence" amount={costs.silence} />],
        ['Minority costs', <Explain key="minority" text="Of a run only; being accused of copying by two thirds of the others costs the same"><Money amount={costs.minority} /></Explain>],
        ['Overruled costs', <Explain key="overruled" text="Of a run only: when referees or a canary show the quorum to be wrong"><Money amount={costs.overruled} /></Explain>],
        ['Endpoint', <span key="endpoint" className="num break-all">{endpoint}</span>],
        ['Key', <Hash key="key" value={encryptionKey} label="encryption key" />],
      ]} />
    </Section>
  );
}

function Record({ status: { rewards, participation } }: { status: ValidatorStatus }): JSX.Element {
  return (
    <Section title="Record">
      <Facts facts={[
        ['Last 30 days', <Share key="recent" of={participation.recent} />],
        ['In all', <Share key="all" of={participation.all} />],
        ['Missed', plural(participation.all.missed, 'round')],
        ['Earned', <Money key="earned" amount={rewards.earned} />],
        ['Slashed', <Money key="slashed" amount={rewards.slashed} />],
        ['To withdraw', <Explain key="owed" text="Of rounds, waiting in the contract for its owner"><Money amount={rewards.owed} strong /></Explain>],
        ['To claim', <Explain key="staking" text="The yearly rate on its stake, from the reward pool"><Money amount={rewards.staking} /></Explain>],
      ]} />
    </Section>
  );
}

/** In how much of what it was drawn for it committed and revealed. */
function Share({ of: { drawn, attended } }: { of: RoundCount }): JSX.Element {
  if (drawn === 0) return <span className="text-muted">not drawn</span>;
  return <Explain text="Committed and revealed in time, of the rounds that it was drawn for"><span className="num">{numeral(Math.floor((attended / drawn) * 1000) / 10)} %</span> ({count(attended)} of {plural(drawn, 'round')})</Explain>;
}

function Duties({ status: { duties, next } }: { status: ValidatorStatus }): JSX.Element {
  return (
    <Section title="Duties" aside={next && <span className="text-sm text-warn">next: {next.what}, deadline <When at={next.until} /></span>}>
      {duties.length === 0 ? <p className="text-muted">No round is open: nothing to do, nothing at risk.</p> : <ul>{duties.map((round) => <RoundItem key={round.roundId} round={round} />)}</ul>}
    </Section>
  );
}

function LastRounds({ rounds, more, busy }: { rounds: ValidatorRound[]; more: (() => void) | undefined; busy: boolean }): JSX.Element {
  return (
    <Section title="Last rounds">
      {rounds.length === 0 ? <Empty title="No rounds yet">Rounds that it was drawn for will stand here once they have ended, each with what it paid and why.</Empty> : <ul>{rounds.map((round) => <RoundItem key={round.roundId} round={round} />)}</ul>}
      {(more ?? busy) && <Button size="small" className="mt-3" busy={busy} onClick={more}>Show {STEP} more</Button>}
    </Section>
  );
}

function Accusations({ accusations }: { accusations: ValidatorStatus['accusations'] }): JSX.Element | null {
  if (accusations.length === 0) return null;
  return (
    <Section title="Accused of false shares">
      <ul className="grid gap-2">
        {accusations.map(({ roundId, state, lost, accuser }) => (
          <li key={roundId} className="flex flex-wrap items-center gap-x-3">
            <span className={state === 'guilty' ? 'text-bad' : 'text-muted'}><Said text={explainAccusation(state, lost)} /></span>
            <span className="text-sm text-muted">by <Account address={accuser} />, round <Hash value={roundId} label="round" /></span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Source({ status: { block, time, fromBlock, complete } }: { status: ValidatorStatus }): JSX.Element {
  return (
    <p className="mt-6 text-sm text-muted">
      Read by this page from the chain as of block <span className="num">{count(block)}</span> (<When at={time} />), with the logs from block <span className="num">{count(fromBlock)}</span>
      {complete ? ', the deployment, on.' : ' on; the RPC gives few blocks at a time, so what came before is not counted.'}
    </p>
  );
}
