import { NeuroError, validatorRoutes, validatorsAbi } from '@neurodata/protocol';
import type { ErrorCode, Problem, validatorRoutes as Routes } from '@neurodata/protocol';
import { zeroAddress } from 'viem';
import type { Address, PublicClient } from 'viem';
import { z } from 'zod';
import { locate, postPinned } from '../common/postPinned.ts';
import type { Pinned, Resolve } from '../common/postPinned.ts';

/** What a page may ask a validator through this node. */
export type Question = 'drill' | 'listAccesses' | 'listNotices' | 'statePurpose' | 'listPurposes' | 'requestShare';
type RouteOf<Q extends Question> = (typeof Routes)[Q];

/** Carries questions of pages to registered validators, and to nobody else. */
export type Relay = {
  /** Throws `UNREACHABLE`, `TIMEOUT`, `NOT_FOUND`, `RATE_LIMITED`, or what the validator says. */
  ask<Q extends Question>(question: Q, parameters: { validatorId: number; body: z.output<RouteOf<Q>['body']> }): Promise<z.output<RouteOf<Q>['response']>>;
};

/** A validator's longest answer: a thousand entries of its log. */
const MOST_BYTES = 2 * 1024 * 1024;
const ANSWER_MS = 10_000;
/** Silent validators must not hold this node's sockets, nor one of them all that there are, say with an endpoint that leads back here. */
const MAX_UNDER_WAY = 64;
const MOST_EACH = 8;

/** What a validator may say by the name of a code; anything else is its own failure, and none of this node or of the caller's session. */
const told = new Set<string>(['BAD_INPUT', 'NOT_ENTITLED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'TOO_LARGE', 'RATE_LIMITED', 'NO_KEY', 'CONTENT_MISMATCH', 'NOT_READY']);

/**
 * Asks validators at the endpoints that stand on chain, with bounds on time, size and number. Only addresses on the public network are called, and with
 * `loopback` those of this machine: else whoever registers a validator could have this node ask its neighbours. Redirects are not followed.
 */
export function createRelay(parameters: { publicClient: Pick<PublicClient, 'readContract'>; validators: Address; loopback: boolean; resolve?: Resolve; timeoutMs?: number; mostBytes?: number }): Relay {
  const { publicClient, validators, loopback, resolve, timeoutMs = ANSWER_MS, mostBytes = MOST_BYTES } = parameters;
  const underWay = new Map<number, number>();
  const endpointOf = async (validatorId: number): Promise<string> => {
    const { account, endpoint } = await publicClient.readContract({ address: validators, abi: validatorsAbi, functionName: 'validator', args: [validatorId] });
    if (account === zeroAddress) throw new NeuroError(`There is no validator ${validatorId}.`, { code: 'NOT_FOUND', remedy: 'Choose one that is registered.' });
    return endpoint;
  };
  const pin = async (validatorId: number, path: string): Promise<Pinned> => {
    const endpoint = (await endpointOf(validatorId)).replace(/\/+$/, '');
    const url = URL.canParse(`${endpoint}${path}`) ? new URL(`${endpoint}${path}`) : undefined;
    if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '') throw unreachable(validatorId, 'its endpoint is no address of the web');
    const found = await locate(url, resolve);
    if (found.kind === 'public' || (found.kind === 'local' && loopback)) return { url, address: found.address, family: found.family };
    throw unreachable(validatorId, found.kind === 'nowhere' ? 'nothing is known of its host' : 'its endpoint is no address on the public network');
  };
  const post = async (validatorId: number, path: string, body: unknown): Promise<{ status: number; value: unknown }> => {
    const pinned = await pin(validatorId, path);
    const signal = AbortSignal.timeout(timeoutMs);
    const { status, bytes, whole } = await postPinned({ ...pinned, body: JSON.stringify(body), mostBytes, signal, headers: { accept: 'application/json', 'user-agent': 'NeuroData-Relay/1' } }).catch((cause: unknown) => {
      if (signal.aborted) throw new NeuroError(`Validator ${validatorId} did not answer within ${timeoutMs / 1_000} s.`, { code: 'TIMEOUT', remedy: 'Try again.', retryable: true, cause });
      throw unreachable(validatorId, 'its endpoint does not answer', cause);
    });
    if (!whole) throw strange(validatorId, 'is cut off, or longer than any can be');
    return { status, value: parse(validatorId, bytes) };
  };
  return {
    ask: async (question, { validatorId, body }) => {
      const one = underWay.get(validatorId) ?? 0;
      const all = [...underWay.values()].reduce((sum, count) => sum + count, 0);
      if (one >= MOST_EACH || all >= MAX_UNDER_WAY) throw new NeuroError('This node asks validators too much at a time.', { code: 'RATE_LIMITED', remedy: 'Try again in a moment.', retryable: true });
      underWay.set(validatorId, one + 1);
      try {
        const route = validatorRoutes[question];
        const { status, value } = await post(validatorId, route.path, z.encode(route.body as z.ZodType, body));
        if (status >= 400) throw problemOf(validatorId, value);
        const decoded = route.response.safeDecode(value as never);
        if (status !== 200 || !decoded.success) throw strange(validatorId, 'has another form than expected');
        return decoded.data as z.output<RouteOf<typeof question>['response']>;
      } finally {
        const left = underWay.get(validatorId)! - 1;
        if (left > 0) underWay.set(validatorId, left);
        else underWay.delete(validatorId);
      }
    },
  };
}

function parse(validatorId: number, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw strange(validatorId, 'is no JSON');
  }
}

/** Its words in a sentence that says whose they are, and no longer than a sentence. */
function problemOf(validatorId: number, value: unknown): NeuroError {
  const { title, code, remedy } = (value ?? {}) as Partial<Problem>;
  const known = typeof code === 'string' && told.has(code) ? (code as ErrorCode) : 'CONTENT_MISMATCH';
  const message = typeof title === 'string' && title !== '' ? title.slice(0, 300) : `Validator ${validatorId} failed.`;
  return new NeuroError(message, { code: known, ...(typeof remedy === 'string' ? { remedy: remedy.slice(0, 300) } : {}), retryable: known === 'RATE_LIMITED' || known === 'NOT_READY' });
}

function unreachable(validatorId: number, why: string, cause?: unknown): NeuroError {
  return new NeuroError(`Validator ${validatorId} cannot be reached: ${why}.`, { code: 'UNREACHABLE', remedy: 'Try again, or ask its operator.', retryable: true, cause });
}

function strange(validatorId: number, why: string): NeuroError {
  return new NeuroError(`What validator ${validatorId} answers ${why}.`, { code: 'CONTENT_MISMATCH', remedy: 'Ask its operator.' });
}
