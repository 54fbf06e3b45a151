import type { DestinationStream } from 'pino';

/** In the log's words, and when, in Unix seconds. */
export type LastDuty = { what: string; at: number };

/** Where a role's log goes on its way to stdout: remembers what a validator or worker last said that it did. */
export function watchDuties(): { destination: DestinationStream; last(): LastDuty | undefined } {
  let last: LastDuty | undefined;
  return {
    destination: {
      write: (line) => {
        process.stdout.write(line);
        // Level 30 is "info": warnings are about what could not be done.
        if (!line.includes('"level":30') || !line.includes('"role":')) return;
        const { msg, time } = JSON.parse(line) as { msg?: string; time?: number };
        if (msg !== undefined && time !== undefined) last = { what: msg, at: Math.floor(time / 1000) };
      },
    },
    last: () => last,
  };
}
