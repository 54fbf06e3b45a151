import type { ModelCheck } from '@neurodata/protocol';
import { toNeuroError } from '@neurodata/sdk';
import type { ApiClient } from '@neurodata/sdk';
import type { Log } from '../common/logger.ts';
import { retry } from '../common/retry.ts';

/** Tells every gateway of a measurement, in the background, for as long as it takes; what one refuses for good is logged. */
export function reportLater(parameters: { gateways: ApiClient[]; log: Log; signal: AbortSignal }): (check: ModelCheck) => void {
  const { gateways, log, signal } = parameters;
  const tell = async (gateway: ApiClient, check: ModelCheck): Promise<void> => {
    await gateway.reportModelCheck(check).catch((error: unknown) => {
      if (toNeuroError(error).retryable) throw error;
      log.warn({ err: error, manifestDigest: check.body.manifestDigest }, 'a gateway does not take a measurement');
    });
  };
  return (check) => {
    for (const gateway of gateways) retry(() => tell(gateway, check), { signal, firstMs: 500, maxMs: 60_000 }).catch(() => undefined);
  };
}
