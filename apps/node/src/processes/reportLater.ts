import { toNeuroError } from '@neurodata/sdk';
import type { ApiClient } from '@neurodata/sdk';
import type { Hex } from 'viem';
import type { Log } from '../common/logger.ts';
import { retry } from '../common/retry.ts';

/** Tells every gateway of a signed check, in the background, for as long as it takes; what one refuses for good is logged. */
export function reportLater<Check extends { body: { manifestDigest: Hex } }>(parameters: { gateways: ApiClient[]; send: (gateway: ApiClient, check: Check) => Promise<unknown>; log: Log; signal: AbortSignal }): (check: Check) => void {
  const { gateways, send, log, signal } = parameters;
  const tell = async (gateway: ApiClient, check: Check): Promise<void> => {
    await send(gateway, check).catch((error: unknown) => {
      if (toNeuroError(error).retryable) throw error;
      log.warn({ err: error, manifestDigest: check.body.manifestDigest }, 'a gateway does not take a check');
    });
  };
  return (check) => {
    for (const gateway of gateways) retry(() => tell(gateway, check), { signal, firstMs: 500, maxMs: 60_000 }).catch(() => undefined);
  };
}
