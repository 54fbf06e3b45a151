import { custodyAbi } from '@neurodata/protocol';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';
import { poll } from './poll.ts';
import { type VersionFacts, readVersion } from './readVersion.ts';

/** Waits until a version's key is in `epoch`. Throws `TIMEOUT`: the key then stays with those who hold it. */
export async function waitForHandover(parameters: { client: NeuroClient; assetId: number; version: number; epoch: number; timeoutMs?: number; signal?: AbortSignal; onConfirmed?: (validators: number) => void }): Promise<VersionFacts> {
  const { client, assetId, version, epoch, timeoutMs = 180_000, signal, onConfirmed } = parameters;
  const custody = { address: client.config.deployment.addresses.custody, abi: custodyAbi } as const;
  let last = -1;
  await poll({
    timeoutMs, ...(signal ? { signal } : {}), what: `The key of asset ${assetId} version ${version} to be handed on`, remedy: 'The key stays with its holders. See who of them answers: neurodata keys drill.',
    ask: async () => {
      const [reached] = await client.publicClient.readContract({ ...custody, functionName: 'keysetOf', args: [BigInt(assetId), version] }).catch((error: unknown) => { throw toNeuroError(error); });
      if (reached >= epoch) return true;
      const { number } = await client.publicClient.getBlock();
      const fromBlock = number > 2_000n ? number - 2_000n : 0n;
      const logs = await client.publicClient.getContractEvents({ ...custody, eventName: 'HandoverConfirmed', args: { assetId: BigInt(assetId), version }, strict: true, fromBlock, toBlock: number });
      const count = new Set(logs.map(({ args }) => args.validatorId)).size;
      if (count !== last) onConfirmed?.(count);
      last = count;
      return undefined;
    },
  });
  return readVersion({ client, assetId, version });
}
