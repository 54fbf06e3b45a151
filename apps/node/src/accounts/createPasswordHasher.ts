import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { NeuroError } from '@neurodata/protocol';

export type HashCost = { memoryKib: number; passes: number; parallelism: number };

/** OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes, one lane. */
export const owaspCost: HashCost = { memoryKib: 19_456, passes: 2, parallelism: 1 };

export type PasswordHasher = {
  /** A PHC string with its parameters: `$argon2id$v=19$m=..,t=..,p=..$salt$hash`. */
  hash(password: string): Promise<string>;
  /** Takes as long where there is no hash, and answers no. */
  verify(password: string, stored: string | null | undefined): Promise<boolean>;
  /** Whether a stored hash was made at another cost than today's. */
  isOutdated(stored: string): boolean;
};

const run = promisify(argon2);
const tagLength = 32;
const phc = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{43})$/;

type Parsed = HashCost & { salt: Buffer; tag: Buffer };

function parse(stored: string): Parsed {
  const match = phc.exec(stored);
  if (!match) throw new NeuroError('A stored password hash cannot be read.', { code: 'INTERNAL' });
  const [, memory, passes, lanes, salt, tag] = match;
  return { memoryKib: Number(memory), passes: Number(passes), parallelism: Number(lanes), salt: Buffer.from(salt!, 'base64'), tag: Buffer.from(tag!, 'base64') };
}

const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** The same letters give the same bytes, however a keyboard composed them. */
function derive(password: string, salt: Uint8Array, cost: HashCost): Promise<Buffer> {
  return run('argon2id', { message: password.normalize('NFC'), nonce: salt, memory: cost.memoryKib, passes: cost.passes, parallelism: cost.parallelism, tagLength });
}

/**
 * Argon2id off the event loop. `atOnce` hashes run at a time, so that a flood of sign-ins leaves the thread pool to others;
 * beyond `mostWaiting` it throws RATE_LIMITED.
 */
export function createPasswordHasher(parameters: { cost?: HashCost; atOnce?: number; mostWaiting?: number } = {}): PasswordHasher {
  const { cost = owaspCost, atOnce = 2, mostWaiting = 64 } = parameters;
  const inTurn = createTurns(atOnce, mostWaiting);
  const nobody = { salt: randomBytes(16), tag: Buffer.alloc(tagLength) };
  return {
    hash: (password) => inTurn(async () => {
      const salt = randomBytes(16);
      const tag = await derive(password, salt, cost);
      return `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
    }),
    verify: (password, stored) => inTurn(async () => {
      const known = stored ? parse(stored) : { ...cost, ...nobody };
      const same = timingSafeEqual(await derive(password, known.salt, known), known.tag);
      return same && Boolean(stored);
    }),
    isOutdated: (stored) => {
      const { memoryKib, passes, parallelism } = parse(stored);
      return memoryKib !== cost.memoryKib || passes !== cost.passes || parallelism !== cost.parallelism;
    },
  };
}

/** Lets `atOnce` pieces of work run; the others wait their turn, at most `mostWaiting` of them. */
function createTurns(atOnce: number, mostWaiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= mostWaiting) throw new NeuroError('Too many people sign in at this moment.', { code: 'RATE_LIMITED', remedy: 'Try again in a few seconds.', retryable: true });
      await new Promise<void>((resolve) => { waiting.push(resolve); });
    } else running += 1;
    try {
      return await work();
    } finally {
      // A turn is handed on, not given back, so that nobody slips in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
