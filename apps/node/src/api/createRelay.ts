import { NeuroError, validatorRoutes, validatorsAbi } from '@neurodata/protocol';
import type { ErrorCode, Problem, validatorRoutes as Routes } from '@neurodata/protocol';
import { zeroAddress } from 'viem';
import type { Address, PublicClient } from 'viem';
import { z } from 'zod';
import { locate, postPinned } from '../common/postPinned.ts';
import type { Pinned, Resolve } from '../common/postPinned.ts';
import { createRateLimit } from '../common/rateLimit.ts';

/** What a page may ask a validator through this node. */
export type Question = 'drill' | 'listAccesses' | 'listNotices' | 'statePurpose' | 'listPurposes' | 'requestShare';
type RouteOf<Q extends Question> = (typeof Routes)[Q];

/** Carries questions of pages to registered validators, and to nobody else. */
export type Relay = {
  /** `caller` is the address of whoever asks. Throws `TOO_LARGE`, `UNREACHABLE`, `TIMEOUT`, `NOT_FOUND`, `RATE_LIMITED`, or what the validator says. */
  ask<Q extends Question>(question: Q, parameters: { validatorId: number; body: z.output<RouteOf<Q>['body']>; caller: string }): Promise<z.output<RouteOf<Q>['response']>>;
};

/** What validators read of a question. */
const MOST_ASKED_BYTES = 8_192;
/** A validator's longest answer: a thousand entries of its log. What is one share, one proof or one word is far shorter. */
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_SHORT_BYTES = 16_384;
const lists: ReadonlySet<Question> = new Set(['listAccesses', 'listNotices', 'listPurposes']);
const ANSWER_MS = 10_000;
/** Silent validators must not hold this node's sockets, nor one of them all that there are, say with an endpoint that leads back here. */
const MAX_UNDER_WAY = 64;
const MOST_EACH = 8;
/** Of one validator's places: who asks what takes long must not keep it from all others. */
const MOST_OF_ONE = 4;
/** Of one caller to one validator, which takes 120 a minute from this node: a page that asks again each second gets through, and leaves some to the others. */
const PER_MINUTE = 90;

/** What a validator may say by the name of a code; anything else is its own failure, and none of this node or of the caller's session. */
const told = new Set<string>(['BAD_INPUT', 'NOT_ENTITLED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'TOO_LARGE', 'RATE_LIMITED', 'NO_KEY', 'CONTENT_MISMATCH', 'NOT_READY']);

/**
 * Asks validators at the endpoints that stand on chain, with bounds on time, size and number. Only addresses on the public network are called, and with
 * `loopback` those of this machine: else whoever registers a validator could have this node ask its neighbours. Redirects are not followed.
 */
export function createRelay(parameters: { publicClient: Pick<PublicClient, 'readContract'>; validators: Address; loopback: boolean; resolve?: Resolve; timeoutMs?: number; mostBytes?: number }): Relay {
  const { publicClient, validators, loopback, resolve, timeoutMs = ANSWER_MS, mostBytes = MOST_BYTES } = parameters;
  const places = createPlaces();
  const endpointOf = async (validatorId: number): Promise<string> => {
    const { account, endpoint } = await publicClient.readContract({ address: validators, abi: validatorsAbi, functionName: 'validator', args: [validatorId] });
    if (account === zeroAddress) throw new NeuroError(`There is no validator ${validatorId}.`, { code: 'NOT_FOUND', remedy: 'Choose one that is registered.' });
    return endpoint;
  };
  const pin = async (validatorId: number, path: string): Promise<Pinned> => {
    const endpoint = (await endpointOf(validatorId)).replace(/\/+$/, '');
    const url = URL.canParse(`${endpoint}${path}`) ? new URL(`${endpoint}${path}`) : undefined;
    // Behind a ? or a # our path would be none, and the endpoint's choice what is posted to.
    if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') throw unreachable(validatorId, 'its endpoint is no address of the web');
    const found = await locate(url, resolve);
    if (found.kind === 'public' || (found.kind === 'local' && loopback)) return { url, address: found.address, family: found.family };
    throw unreachable(validatorId, found.kind === 'nowhere' ? 'nothing is known of its host' : 'its endpoint is no address on the public network');
  };
  const post = async (validatorId: number, { path, body, most }: { path: string; body: string; most: number }): Promise<{ status: number; value: unknown }> => {
    const pinned = await pin(validatorId, path);
    const signal = AbortSignal.timeout(timeoutMs);
    const { status, bytes, whole } = await postPinned({ ...pinned, body, mostBytes: most, signal, headers: { accept: 'application/json', 'user-agent': 'NeuroData-Relay/1' } }).catch((cause: unknown) => {
      if (signal.aborted) throw new NeuroError(`Validator ${validatorId} did not answer within ${timeoutMs / 1_000} s.`, { code: 'TIMEOUT', remedy: 'Try again.', retryable: true, cause });
      throw unreachable(validatorId, 'its endpoint does not answer', cause);
    });
    if (!whole) throw strange(validatorId, 'is cut off, or longer than any can be');
    return { status, value: parse(validatorId, bytes) };
  };
  return {
    ask: async (question, { validatorId, body, caller }) => {
      const route = validatorRoutes[question];
      const text = JSON.stringify(z.encode(route.body as z.ZodType, body));
      if (Buffer.byteLength(text) > MOST_ASKED_BYTES) throw new NeuroError(`A validator reads ${MOST_ASKED_BYTES} bytes of a question; this one is longer.`, { code: 'TOO_LARGE', remedy: 'Send what the route describes.' });
      const leave = places.enter(validatorId, caller);
      try {
        const { status, value } = await post(validatorId, { path: route.path, body: text, most: lists.has(question) ? mostBytes : Math.min(mostBytes, MOST_SHORT_BYTES) });
        if (status >= 400) throw problemOf(validatorId, value);
        const decoded = route.response.safeDecode(value as never);
        if (status !== 200 || !decoded.success) throw strange(validatorId, 'has another form than expected');
        return decoded.data as z.output<RouteOf<typeof question>['response']>;
      } finally {
        leave();
      }
    },
  };
}

/** Who asks whom just now. `enter` takes a place and returns how to leave it; it throws RATE_LIMITED where there is none. */
function createPlaces(): { enter(validatorId: number, caller: string): () => void } {
  const underWay = new Set<{ validatorId: number; caller: string }>();
  const rate = createRateLimit({ limit: PER_MINUTE, windowMs: 60_000 });
  return {
    enter: (validatorId, caller) => {
      const ofIt = [...underWay].filter((one) => one.validatorId === validatorId);
      if (underWay.size >= MAX_UNDER_WAY || ofIt.length >= MOST_EACH || ofIt.filter((one) => one.caller === caller).length >= MOST_OF_ONE) {
        throw new NeuroError('This node asks validators too much at a time.', { code: 'RATE_LIMITED', remedy: 'Try again in a moment.', retryable: true });
      }
      if (!rate.take(`${validatorId} ${caller}`)) throw new NeuroError(`Validator ${validatorId} is asked too often from this address.`, { code: 'RATE_LIMITED', remedy: 'Try again in a minute.', retryable: true });
      const place = { validatorId, caller };
      underWay.add(place);
      return () => void underWay.delete(place);
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
