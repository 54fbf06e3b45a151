import type { Pause } from '../run/pause.ts';
import { type Team, type TeamSetup, createTeam } from './team.ts';

const LOOK_MILLISECONDS = 20;

/** {@link createTeam} for a run that may be aborted while its threads start, which takes them tenths of a second. What starts too late is closed. */
export async function startTeam({ pause, ...setup }: TeamSetup & { pause: Pause }): Promise<Team> {
  const starting = createTeam(setup);
  try {
    for (;;) {
      const team = await Promise.race([starting, new Promise<undefined>((resolve) => { setTimeout(resolve, LOOK_MILLISECONDS); })]);
      await pause();
      if (team !== undefined) return team;
    }
  } catch (error) {
    starting.then((team) => team.close(), () => {});
    throw error;
  }
}
