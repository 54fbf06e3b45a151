import { guardianAbi, marketAbi } from '@neurodata/protocol';
import { type Address, isAddressEqual } from 'viem';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

/**
 * Whether new business is stopped. The guardian says so; the market keeps what it was last told (`syncPause`), so that a
 * purchase need not ask. Times in unix seconds, 0 where there was none. `inStep`: the market needs not be told now.
 */
export type PauseFacts = { guardian: Address; paused: boolean; until: number; nextPauseAt: number; maxPause: number; market: { paused: boolean; until: number }; inStep: boolean };

/** The market forgets a pause after three days: told again a day before, it never does while the pause lasts. */
const TELL_AGAIN_SECONDS = 86_400;

/** Reads the emergency brake and what the market knows of it. */
export async function readPause(parameters: { client: NeuroClient }): Promise<PauseFacts> {
  const { publicClient, config: { deployment: { addresses } } } = parameters.client;
  const brake = { address: addresses.guardian, abi: guardianAbi } as const;
  const market = { address: addresses.market, abi: marketAbi } as const;
  try {
    const [guardian, paused, until, nextPauseAt, maxPause, asked, known, knownUntil, block] = await Promise.all([
      publicClient.readContract({ ...brake, functionName: 'guardian' }),
      publicClient.readContract({ ...brake, functionName: 'paused' }),
      publicClient.readContract({ ...brake, functionName: 'pausedUntil' }),
      publicClient.readContract({ ...brake, functionName: 'nextPauseAt' }),
      publicClient.readContract({ ...brake, functionName: 'maxPause' }),
      publicClient.readContract({ ...market, functionName: 'guardian' }),
      publicClient.readContract({ ...market, functionName: 'paused' }),
      publicClient.readContract({ ...market, functionName: 'pausedUntil' }),
      publicClient.getBlock(),
    ]);
    const runsOut = paused && knownUntil < until && knownUntil - Number(block.timestamp) < TELL_AGAIN_SECONDS;
    // A market that was given another brake has nothing to learn from this one.
    const inStep = !isAddressEqual(asked, addresses.guardian) || (paused === known && !runsOut);
    return { guardian, paused, until, nextPauseAt, maxPause, market: { paused: known, until: knownUntil }, inStep };
  } catch (error) {
    throw toNeuroError(error);
  }
}
