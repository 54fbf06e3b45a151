import { createErrorReports, webhookSender } from '../common/errorReports.ts';
import type { ErrorReport } from '../common/errorReports.ts';
import { createLogger } from '../common/logger.ts';
import type { Log } from '../common/logger.ts';
import type { Settings } from '../config.ts';
import { createMetrics } from './createMetrics.ts';
import type { Metrics } from './createMetrics.ts';
import { startTracing } from './startTracing.ts';

export type Telemetry = { log: Log; metrics: Metrics; stop(): Promise<void> };

export type OpenTelemetryParameters = {
  settings: Settings;
  version: string;
  /** Where the log goes; stdout by default. */
  destination?: { write(line: string): void };
  /** Told of errors, besides the webhook of the settings. */
  onError?: (report: ErrorReport) => void;
};

/** How one sees into a node: its log, its figures, its traces, and who is told of errors. Stopped last, so that the end is seen, too. */
export function openTelemetry({ settings, version, destination, onError }: OpenTelemetryParameters): Telemetry {
  const { errorWebhook, traces } = settings;
  const stopTracing = traces ? startTracing({ ...traces, version }) : undefined;
  const toWebhook = errorWebhook === undefined ? undefined : webhookSender(errorWebhook);
  const reports = toWebhook || onError ? createErrorReports({ version, send: async (report) => { onError?.(report); await toWebhook?.(report); } }) : undefined;
  const log = createLogger({ level: settings.logLevel, known: secretsOf(settings), ...(destination ? { destination } : {}), ...(reports ? { onError: reports.report } : {}) });
  return {
    log, metrics: createMetrics(),
    stop: async () => {
      await reports?.settled();
      await stopTracing?.();
    },
  };
}

/** Values among the settings that must not be seen, whoever quotes them. */
function secretsOf({ databaseUrl, smtpUrl, metricsToken, errorWebhook, keeping }: Settings): string[] {
  const passwords = [databaseUrl, smtpUrl, keeping?.kubo?.url, keeping?.service?.url].flatMap((url) => (url !== undefined && URL.canParse(url) ? [new URL(url).password, decodeURIComponent(new URL(url).password)] : []));
  return [...passwords, metricsToken, errorWebhook, keeping?.kubo?.authorization, keeping?.service?.token].filter((value): value is string => Boolean(value));
}
