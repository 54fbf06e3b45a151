import type { ChallengeDto } from '@neurodata/protocol';
import type { JSX } from 'react';
import { t } from '../../language/t.ts';
import { When } from '../Amounts.tsx';
import { Hash } from '../Copy.tsx';
import { ActivityList } from '../Activity.tsx';
import { Attestations } from '../Evidence.tsx';
import { Section } from '../Layout.tsx';
import { Badge } from '../State.tsx';

const kinds: Record<ChallengeDto['kind'], string> = { none: '', step: t`Challenge of the receipt`, canary: t`Canary of the worker`, appeal: t`Appeal of the worker` };
const outcomes: Record<NonNullable<ChallengeDto['outcome']>, string> = {
  void: t`The run was over before`, kept: t`The verdict stands`, doubt: t`Referees did not decide: the verdict stands`, silence: t`Nobody spoke for the receipt: it failed`,
  overturned: t`Referees found against the verdict`, canary: t`The receipt was wrong on purpose, and validators had accepted it`,
  overlooked: t`Referees found a wrong step, which was not among those that the committee had to re-execute: the receipt failed`,
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
  if (kind === 'appeal') return t`Referees run it again`;
  const place = high === undefined ? t`the whole run` : t`what leads from position ${low} to ${high}`;
  return stage === 'playing' ? t`Being narrowed: ${place}` : t`Referees look at ${place}`;
}
