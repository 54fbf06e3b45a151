import type { Problem, Trainer } from '../algorithms/algorithm.ts';
import { EngineError } from '../errors.ts';
import type { Pause } from '../run/pause.ts';
import type { WorkTrace } from '../run/workTrace.ts';
import { startTeam } from '../team/startTeam.ts';
import type { StartMember, Team } from '../team/team.ts';

/** A place where one problem is trained, from any state, again and again. */
export type Seat = {
  /** A trainer that stands where these states (none: the start) lead. The trainer of the call before is this one, or is gone. */
  goTo(states: readonly Uint8Array[]): Promise<Trainer>;
  close(): void;
};

export function createSeat({ problem, pause, threads, startMember, trace }: { problem: Problem; pause: Pause; threads?: number | undefined; startMember?: StartMember | undefined; trace?: WorkTrace | undefined }): Seat {
  let held: { team: Team; trainer: Trainer } | undefined;
  const close = (): void => {
    held?.team.close();
    held = undefined;
  };
  return {
    close,
    goTo: async (states) => {
      if (held?.trainer.resume !== undefined) {
        const { trainer } = held;
        try {
          await trainer.resume?.(states);
          return trainer;
        } catch (error) {
          // Whatever else ended it may have left it between two states.
          if (!(error instanceof EngineError && error.code === 'BAD_CHECKPOINT')) close();
          throw error;
        }
      }
      close();
      const team = await startTeam({ threads, startMember, source: problem.source, trace, pause });
      try {
        const trainer = await problem.algorithm.start({ problem, team, pause }, states.length === 0 ? undefined : states);
        held = { team, trainer };
        return trainer;
      } catch (error) {
        team.close();
        throw error;
      }
    },
  };
}
