import type { Trainer } from '../algorithms/algorithm.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { openPredictor } from '../metrics/openPredictor.ts';
import { scoreRun } from '../metrics/scoreRun.ts';
import { scoresOf } from '../metrics/scores.ts';
import type { Prepared } from '../prepare/problem.ts';
import { startTeam } from '../team/startTeam.ts';
import type { StartMember } from '../team/team.ts';
import { type CheckpointParts, badCheckpoint } from './checkpoint.ts';
import type { Pause } from './pause.ts';
import { bestCandidate } from './selection/bestCandidate.ts';
import type { WorkTrace } from './workTrace.ts';
import { type Fit, type Plan, planFits } from './selection/planFits.ts';
import { prepareFit } from './selection/prepareFit.ts';

/** A run under way: its fits, one after the other. */
export type Course = {
  readonly plan: Plan;
  /** Steps so far, over all fits. */
  readonly step: number;
  /** The step at which the present fit began. */
  readonly fitStart: number;
  readonly fit: Fit;
  readonly trainer: Trainer;
  /** What the present fit learns from. */
  readonly prepared: Prepared;
  /** Of the fits that ended, higher is better: the search's score, or the task's main one. */
  readonly ratings: readonly number[];
  /** The scores behind them, as far as they were made here. */
  readonly scores: readonly Metrics['scores'][];
  /** Whether the last fit has no step left. */
  readonly ended: boolean;
  /** Makes a step of the fit, or goes on to the next fit. False when there is nothing left. */
  advance(): Promise<boolean>;
  close(): void;
};

export type CourseSetup = {
  prepared: Prepared;
  pause: Pause;
  threads?: number | undefined;
  startMember?: StartMember | undefined;
  trace?: WorkTrace | undefined;
  /** Makes the trainers of a run of one fit in a place of its own, which it closes itself. */
  seat?: { goTo(states: readonly Uint8Array[]): Promise<Trainer> } | undefined;
  /** Where to go on: the last state, or of a chain all of its fit, and any before them. */
  from?: readonly CheckpointParts[];
  /** What the states of the fit keep, where it is at hand: an audit goes to thousands of them again and again. */
  kept?: readonly Uint8Array[];
};

type Stage = { fit: Fit; prepared: Prepared; trainer: Trainer; mostSteps: number; close(): void };

/** Stands at the start of the first fit, or where the given states end. @throws EngineError as planFits and `Algorithm.start`; BAD_CHECKPOINT for a state that claims another step or loss */
export async function startCourse(setup: CourseSetup): Promise<Course> {
  const { prepared, pause, from, kept } = setup;
  const plan = planFits(prepared.problem);
  const last = from?.at(-1);
  const ratings = [...(last?.ratings ?? [])];
  if (ratings.length >= plan.fits.length) throw badCheckpoint(`is of fit ${ratings.length}, this run has ${plan.fits.length}`);
  const scores: Metrics['scores'][] = [];
  let stage = await begin(setup, plan, ratings, kept ?? (from && keptOfFit(from, ratings.length)));
  let step = last?.step ?? 0;
  let fitStart = step - stage.trainer.step;
  try {
    if (last !== undefined) checkStart({ trainer: stage.trainer, fitStart, plan, ratings }, last);
  } catch (error) {
    stage.close();
    throw error;
  }
  const spent = (): boolean => stage.trainer.step >= stage.mostSteps || stage.trainer.converged;
  return {
    plan, ratings, scores,
    get step() { return step; },
    get fitStart() { return fitStart; },
    get fit() { return stage.fit; },
    get trainer() { return stage.trainer; },
    get prepared() { return stage.prepared; },
    get ended() { return stage.fit.purpose === 'model' && spent(); },
    advance: async () => {
      if (!spent() && (await stage.trainer.advance())) {
        step += 1;
        return true;
      }
      if (stage.fit.purpose === 'model') return false;
      const { problem } = stage.prepared;
      const body = await stage.trainer.body();
      const scored = await scoreRun({ problem, predictor: await openPredictor(problem, body, pause), body, droppedRows: 0, pause });
      scores.push(scored.scores);
      ratings.push(rate(stage, scored.scores));
      stage.close();
      stage = await begin(setup, plan, ratings);
      step += 1;
      fitStart = step;
      return true;
    },
    close: () => stage.close(),
  };
}

/** What the states of a fit keep. */
function keptOfFit(states: readonly CheckpointParts[], fit: number): Uint8Array[] {
  const kept: Uint8Array[] = [];
  for (const state of states) if (state.ratings.length === fit) kept.push(state.kept);
  return kept;
}

/** How long the fits before took is not known here, but the first one begins at step 0 and each takes a step at least. */
function checkStart({ trainer, fitStart, plan, ratings }: Pick<Course, 'trainer' | 'fitStart' | 'plan' | 'ratings'>, { step, loss }: CheckpointParts): void {
  if (fitStart < ratings.length || (ratings.length === 0 && fitStart !== 0) || step > plan.maxSteps) throw badCheckpoint(`names step ${step}, what it keeps is of step ${trainer.step}`);
  if (!Object.is(trainer.loss, loss)) throw badCheckpoint(`claims the loss ${loss}, what it keeps gives ${trainer.loss}`);
}

/** Memory of the engine is never given back, so that each fit has a team of its own. */
async function begin({ prepared, pause, threads, startMember, trace, seat }: CourseSetup, plan: Plan, ratings: readonly number[], states?: readonly Uint8Array[]): Promise<Stage> {
  const index = ratings.length;
  const fit = plan.fits[index] ?? { purpose: 'model' };
  const fitted = prepareFit({ prepared, fit, parameters: parametersOf(prepared, plan, ratings) });
  const mostSteps = plan.mostSteps[index] ?? 0;
  if (seat !== undefined && plan.fits.length === 1) return { fit, prepared: fitted, trainer: await seat.goTo(states ?? []), mostSteps, close: () => {} };
  await pause();
  const team = await startTeam({ threads, startMember, source: fitted.problem.source, trace, pause });
  try {
    const trainer = await fitted.problem.algorithm.start({ problem: fitted.problem, team, pause }, states);
    return { fit, prepared: fitted, trainer, mostSteps, close: () => team.close() };
  } catch (error) {
    team.close();
    throw error;
  }
}

/** The parameters of the fit that follows so many ratings. */
function parametersOf({ problem: { spec } }: Prepared, { fits, candidates }: Plan, ratings: readonly number[]): Prepared['problem']['parameters'] {
  const fit = fits[ratings.length];
  if (spec.search === undefined || fit === undefined) return spec.parameters;
  return candidates[fit.purpose === 'search' ? fit.candidate : bestCandidate(spec.search, candidates.length, ratings)] ?? spec.parameters;
}

/** A score that is not defined rates below every other. */
function rate({ fit, prepared: { problem: { spec } } }: Stage, scores: Metrics['scores']): number {
  const known = scoresOf(spec.task);
  const score = known.find(({ name }) => name === (fit.purpose === 'search' ? spec.search?.score : known[0]?.name));
  const value = scores[score?.name ?? ''] ?? null;
  if (value === null) return -Infinity;
  return score?.better === 'lower' ? -value + 0 : value;
}
