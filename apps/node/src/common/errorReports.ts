import type { LoggedError } from './logger.ts';

/** What somebody outside is told of an error: nothing that the log does not show either. */
export type ErrorReport = LoggedError & {
  /** ISO 8601. */
  at: string;
  version: string;
  /** How many of the same were not sent since the last one. */
  more: number;
};

const minuteMs = 60_000;
/** Reports in a minute, of whatever kind; and of one kind. */
const most = 10;

export type ErrorReports = { report(error: LoggedError): void; /** Resolves when what was begun is sent or given up. */ settled(): Promise<void> };

/**
 * Hands errors on, a few a minute: one of each kind and ten in all, so that a fault that repeats does not become a flood somewhere else.
 * A report that is not taken is dropped: the log has it.
 */
export function createErrorReports(parameters: { version: string; send: (report: ErrorReport) => Promise<void> | void; now?: () => number }): ErrorReports {
  const { version, send, now = Date.now } = parameters;
  const kinds = new Map<string, { at: number; more: number }>();
  const sending = new Set<Promise<void>>();
  let minute = { at: -Infinity, count: 0 };
  const deliver = async (report: ErrorReport): Promise<void> => {
    try {
      await send(report);
    } catch {
      // The log has it.
    }
  };
  const hand = (report: ErrorReport): void => {
    const work: Promise<void> = deliver(report).finally(() => sending.delete(work));
    sending.add(work);
  };
  return {
    report: (logged) => {
      const at = now();
      const kind = `${logged.message} ${String(logged.fields['error'] ?? '').split('\n')[0]}`.replaceAll(/0x[0-9a-f]+|\d+/gi, '0').slice(0, 300);
      const known = kinds.get(kind);
      if (at - minute.at >= minuteMs) minute = { at, count: 0 };
      if ((known && at - known.at < minuteMs) || minute.count >= most) {
        kinds.set(kind, { at: known?.at ?? -Infinity, more: (known?.more ?? 0) + 1 });
        return;
      }
      minute.count += 1;
      if (kinds.size >= 1_000) kinds.clear();
      kinds.set(kind, { at, more: 0 });
      hand({ ...logged, at: new Date(at).toISOString(), version, more: known?.more ?? 0 });
    },
    settled: async () => {
      await Promise.all(sending);
    },
  };
}

/** Sends a report as JSON to an address of the operator's. */
export function webhookSender(url: string): (report: ErrorReport) => Promise<void> {
  return async (report) => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(report), redirect: 'error', signal: AbortSignal.timeout(10_000) });
    await response.body?.cancel();
  };
}
