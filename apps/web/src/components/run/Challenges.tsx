import type { ChallengeDto } from '@neurodata/protocol';
import type { JSX } from 'react';
import { When } from '../Amounts.tsx';
import { Hash } from '../Copy.tsx';
import { ActivityList, Attestations } from '../Evidence.tsx';
import { Section } from '../Layout.tsx';
import { Badge } from '../State.tsx';

const kinds: Record<ChallengeDto['kind'], string> = { none: '', step: 'Challenge of the receipt', canary: 'Canary of the worker', appeal: 'Appeal of the worker' };
const outcomes: Record<NonNullable<ChallengeDto['outcome']>, string> = {
  void: 'The run was over before', kept: 'The verdict stands', doubt: 'Referees did not decide: the verdict stands', silence: 'Nobody spoke for the receipt: it failed',
  overturned: 'Referees found against the verdict', canary: 'The receipt was wrong on purpose, and validators had accepted it',
  overlooked: 'Referees found a wrong step, which was not among those that the committee had to re-execute: the receipt failed',
};

/** Every challenge of a run's verdict: what it has been narrowed to, its moves and its referees. */
export function Challenges({ challenges }: { challenges: ChallengeDto[] }): JSX.Element {
  return (
    <Section title="Challenges">
      <ol className="grid gap-6">
        {challenges.map((challenge) => <li key={challenge.challengeId} className="grid gap-3"><Challenge challenge={challenge} /></li>)}
      </ol>
    </Section>
  );
}

function Challenge({ challenge }: { challenge: ChallengeDto }): JSX.Element {
  const { challengeId, kind, stage, outcome, challenger, moveUntil, round, activity } = challenge;
  const overturned = outcome === 'overturned' || outcome === 'overlooked' || outcome === 'silence' || outcome === 'canary';
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{kinds[kind]} {challengeId}</span>
        <Badge tone={stage === 'over' ? (overturned ? 'bad' : 'good') : 'warn'}>{stage === 'over' && outcome ? outcomes[outcome] : stageText(challenge)}</Badge>
        <span className="text-sm text-muted">by <Hash value={challenger} label="challenger" /></span>
        {moveUntil !== undefined && <span className="text-sm text-muted">next move by <When at={moveUntil} /></span>}
      </div>
      {round && <Attestations round={round} />}
      <ActivityList activity={activity} />
    </>
  );
}

function stageText({ stage, low, high, kind }: ChallengeDto): string {
  if (kind === 'appeal') return 'Referees run it again';
  const place = high === undefined ? 'the whole run' : `what leads from position ${low} to ${high}`;
  return stage === 'playing' ? `Being narrowed: ${place}` : `Referees look at ${place}`;
}
