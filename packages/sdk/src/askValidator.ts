import { type Route, relayRoutes, validatorRoutes, validatorsAbi } from '@neurodata/protocol';
import type { z } from 'zod';
import { callRoute } from './callRoute.ts';
import type { NeuroClient } from './createClient.ts';
import { toNeuroError } from './errors.ts';

const relayed = { drill: relayRoutes.relayDrill, listAccesses: relayRoutes.relayAccesses, listNotices: relayRoutes.relayNotices, statePurpose: relayRoutes.relayPurpose, listPurposes: relayRoutes.relayPurposes, requestShare: relayRoutes.relayShare } as const;
type Question = keyof typeof relayed;

/** What the relay may take longer than the validator that it asks. */
const RELAY_MS = 3_000;

/**
 * Asks one validator at the endpoint that stands on chain; in a browser through the node, see `relayRoutes`. Throws what the validator, or the way
 * to it, says.
 */
export async function askValidator<Q extends Question>(parameters: { client: NeuroClient; validatorId: number; question: Q; input: z.output<(typeof validatorRoutes)[Q]['body']>; deadlineMs: number; signal?: AbortSignal }): Promise<z.output<(typeof validatorRoutes)[Q]['response']>> {
  const { client, validatorId, question, input, deadlineMs, signal } = parameters;
  const route: Route = client.relay ? relayed[question] : validatorRoutes[question];
  const url = client.relay ? client.url : (await readMember(client, validatorId)).endpoint;
  const answer = await callRoute({ url, fetch: client.fetch, deadlineMs: client.relay ? deadlineMs + RELAY_MS : deadlineMs, route, input: client.relay ? { ...input, validatorId } : input, ...(signal ? { signal } : {}) });
  return answer as z.output<(typeof validatorRoutes)[Q]['response']>;
}

/** A validator as it stands on chain. */
export async function readMember(client: Pick<NeuroClient, 'publicClient' | 'config'>, validatorId: number) {
  return client.publicClient
    .readContract({ address: client.config.deployment.addresses.validators, abi: validatorsAbi, functionName: 'validator', args: [validatorId] })
    .catch((error: unknown) => { throw toNeuroError(error); });
}
