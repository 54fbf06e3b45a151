import type { DisputeDto } from '@neurodata/protocol';
import { t } from '../../language/t.ts';

/** A stage of a dispute: when it was over, or when it will be at the latest. */
export type DisputeStep = { name: string; at: number | undefined };

/** The last round's stages, from what opened it to the ruling's being carried out; `done` of them are behind. */
export function disputeSteps({ rounds, phase, executed, openedAt, activity }: Pick<DisputeDto, 'rounds' | 'phase' | 'executed' | 'openedAt' | 'activity'>): { steps: DisputeStep[]; done: number } {
  const last = rounds.at(-1);
  const seen = (event: string): number | undefined => activity.find((line) => line.event === event && line.at >= (last?.openedAt ?? 0))?.at;
  const begun: DisputeStep = rounds.length > 1 ? { name: t`Appealed`, at: last?.openedAt } : { name: t`Opened`, at: openedAt };
  const judged = judgedSteps(last, phase === 'drawing' ? undefined : seen('JuryDrawn'));
  const steps = [begun, ...judged, { name: t`Ruled`, at: seen('DisputeEnded') ?? seen('GovernanceRuled') }, { name: t`Carried out`, at: seen('RulingExecuted') }];
  const behind = { none: 0, drawing: 1, commit: 2, reveal: 3, appeal: 4, governance: 1, over: judged.length + 1, final: judged.length + (executed ? 3 : 2) }[phase];
  return { steps, done: behind };
}

function judgedSteps(last: DisputeDto['rounds'][number] | undefined, drawnAt: number | undefined): DisputeStep[] {
  if (!last) return [];
  if (last.size === 0) return [{ name: t`Before governance`, at: last.appealUntil }];
  return [
    { name: t`Jury drawn`, at: drawnAt ?? last.drawUntil }, { name: t`Votes committed`, at: last.commitUntil },
    { name: t`Votes revealed`, at: last.revealUntil }, { name: t`Time to appeal over`, at: last.appealUntil },
  ];
}
