/** What kind of work is done, and what happens when it fails. */
export type JobDefinition<T> = {
  /** How often it is tried again after the first failure; after that it is dead, and waits for an admin. */
  retries: number;
  /** Seconds until the first retry; each later one waits twice as long, an hour at most. */
  backoff: number;
  /** A try that takes longer has failed. */
  timeoutSeconds: number;
  /** Done at these times as well, with `{}`: a cron line in UTC. */
  every?: string;
  /** How many of them may run at once in this process; 1 where absent. */
  concurrency?: number;
  /** Whether a finished one leaves no row. */
  forget?: boolean;
  /**
   * Does it. May run more than once for one job (a process can end between the work and the note of it), so what it does must bear that.
   * What it returns is kept with the job, for admins. Ends soon when `signal` aborts: time is up, or the node stops.
   */
  work(data: T, signal: AbortSignal): Promise<unknown>;
};
