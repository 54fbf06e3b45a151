import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { redact, secretFields } from './redact.ts';
import { traceFields } from './tracing.ts';

export type Log = Logger;

/** What an error line says, without secrets. */
export type LoggedError = { message: string; fields: Record<string, unknown> };

const errorLevel = 50;

/**
 * The node's log: JSON lines on stdout. Secrets are replaced, by the names of fields and by how they look, at any depth and in any text;
 * lines that belong to a trace name it.
 *
 * @param level pino's words: trace, debug, info, warn, error, silent.
 * @param known Values that must never be seen, e.g. passwords among the settings.
 * @param onError Told of each line of level error or fatal, redacted.
 */
export function createLogger(parameters: { level: string; destination?: DestinationStream; known?: readonly string[]; onError?: (error: LoggedError) => void }): Log {
  const { level, known = [], onError, destination = { write: (line: string) => void process.stdout.write(line) } } = parameters;
  const options = {
    level,
    mixin: traceFields,
    redact: { paths: secretFields.filter((field) => /^\w+$/.test(field) && field !== 'code').flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' },
  };
  const write = (line: string): void => {
    const clean = redact(line, known);
    destination.write(clean);
    if (onError) report(clean, onError);
  };
  return pino(options, { write });
}

function report(line: string, onError: (error: LoggedError) => void): void {
  try {
    const { level, msg, pid: _pid, hostname: _hostname, ...fields } = JSON.parse(line) as { level: number; msg?: string; pid: unknown; hostname: unknown };
    if (level >= errorLevel) onError({ message: msg ?? '', fields });
  } catch {
    // A line that is not JSON is still in the log.
  }
}
