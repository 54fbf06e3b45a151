import type { Address, Hex } from 'viem';
import { runTask } from './task.ts';
import type { OpenedModel, Published, Unsealed, VaultInput, VaultProgress } from './vault.worker.ts';

type Options = { onProgress?: ((progress: VaultProgress) => void) | undefined; signal?: AbortSignal | undefined };

function ask<Result>(input: VaultInput, options: Options = {}): Promise<Result> {
  const worker = new Worker(new URL('./vault.worker.ts', import.meta.url), { type: 'module', name: 'vault' });
  return runTask<VaultInput, VaultProgress, Result>({ worker, input, ...options });
}

/** Opens what an order bought, with the identities that this browser keeps for the account. */
export const unsealOrder = ({ account, orderId }: { account: Address; orderId: Hex }, options?: Options): Promise<Unsealed> => ask({ task: 'unseal', account, proof: { orderId } }, options);

/** Opens the newest version whose key a subscription was granted. */
export const unsealSubscription = ({ account, subscriptionId }: { account: Address; subscriptionId: Hex }, options?: Options): Promise<Unsealed> => ask({ task: 'unseal', account, proof: { subscriptionId } }, options);

/** Opens the model of a run that the account paid for. */
export const openRunModel = (parameters: { account: Address; jobId: Hex }, options?: Options): Promise<OpenedModel> => ask({ task: 'model', ...parameters }, options);

/** Describes, seals, stores and registers a table file. The rows leave this browser only sealed. */
export const publishFile = (parameters: Omit<Extract<VaultInput, { task: 'publish' }>, 'task'>, options?: Options): Promise<Published> => ask({ task: 'publish', ...parameters }, options);

/** Publishes a few rows of a dataset as its free sample. Gives the sample's asset. */
export const publishSampleOf = (parameters: Omit<Extract<VaultInput, { task: 'sample' }>, 'task'>, options?: Options): Promise<number> => ask({ task: 'sample', ...parameters }, options);
