import { NeuroError } from '@neurodata/protocol';
import { eq, sql } from 'drizzle-orm';
import type { SecretBox } from '../accounts/index.ts';
import type { Log } from '../common/logger.ts';
import type { Database } from '../db/openDatabase.ts';
import { idempotencyKeys } from '../db/schema.ts';

export type Answer = { status: number; body: string };

export type Idempotency = {
  /**
   * Does `work` once for a caller and a key, and gives its answer to everybody who asks the same with that key. Where it throws,
   * nothing was done, and the key may be used again.
   *
   * @param caller Whose key it is: a user, an API key or an address; others' keys are of no effect here.
   * @param request What is asked for, as text; never kept as such.
   * @throws NeuroError IDEMPOTENCY_MISMATCH for another request under the key, IDEMPOTENCY_BUSY while another process does it,
   * IDEMPOTENCY_UNKNOWN where it was begun and never answered.
   */
  run(parameters: { caller: string; userId?: string | undefined; key: string; request: string; work: () => Promise<Answer> }): Promise<Answer & { replayed: boolean }>;
};

export type IdempotencyDeps = { db: Database; box: SecretBox; log: Log; now?: () => number };

const keepSeconds = 86_400;
/** Longer than any handler takes. */
const busySeconds = 300;

type Running = { request: string; answer: Promise<Answer & { replayed: boolean }> };
type Intent = { keyId: string; userId: string | undefined; request: string };

/** One effect for each Idempotency-Key. The intent is written before the effect, the answer after it. */
export function createIdempotency(deps: IdempotencyDeps): Idempotency {
  const { box, now = () => Math.floor(Date.now() / 1_000) } = deps;
  const running = new Map<string, Running>();
  return {
    run: async ({ caller, userId, key, request: text, work }) => {
      const [keyId, request] = [box.mac(JSON.stringify(['idempotency key', caller, key])), box.mac(JSON.stringify(['idempotency request', text]))];
      const before = running.get(keyId);
      if (before && before.request !== request) throw mismatch();
      if (before) return { ...(await before.answer), replayed: true };
      const answer = runOnce({ ...deps, now }, { keyId, userId, request }, work).finally(() => running.delete(keyId));
      running.set(keyId, { request, answer });
      return answer;
    },
  };
}

type Deps = IdempotencyDeps & { now: () => number };

async function runOnce(deps: Deps, intent: Intent, work: () => Promise<Answer>): Promise<Answer & { replayed: boolean }> {
  const known = await claim(deps, intent);
  if (known) return { ...known, replayed: true };
  let answer: Answer;
  try {
    answer = await work();
  } catch (error) {
    await deps.db.orm.delete(idempotencyKeys).where(eq(idempotencyKeys.keyId, intent.keyId));
    throw error;
  }
  try {
    await keep(deps, intent.keyId, answer);
  } catch (error) {
    // It is done all the same: whoever asks again is told that nobody knows.
    deps.log.error({ error: error instanceof Error ? error.message : String(error) }, 'an answer could not be kept for its idempotency key');
  }
  return { ...answer, replayed: false };
}

/** Writes the intent, or gives the answer that is there already. */
async function claim({ db, box, now }: Deps, { keyId, userId, request }: Intent): Promise<Answer | undefined> {
  const fresh = { userId: userId ?? null, request, status: null, sealedAnswer: null, busyUntil: now() + busySeconds, expiresAt: now() + keepSeconds };
  const [mine] = await db.orm.insert(idempotencyKeys).values({ keyId, ...fresh })
    .onConflictDoUpdate({ target: idempotencyKeys.keyId, set: fresh, setWhere: sql`${idempotencyKeys.expiresAt} <= ${now()}` }).returning({ keyId: idempotencyKeys.keyId });
  if (mine) return undefined;
  const [row] = await db.orm.select().from(idempotencyKeys).where(eq(idempotencyKeys.keyId, keyId));
  // Gone between two statements: whoever had it did nothing.
  if (!row) throw busy(1);
  if (row.request !== request) throw mismatch();
  if (row.status !== null && row.sealedAnswer !== null) return { status: row.status, body: box.open(row.sealedAnswer, placeOf(keyId)) };
  if (row.busyUntil > now()) throw busy(Math.min(row.busyUntil - now(), 5));
  throw new NeuroError('A request with this Idempotency-Key was begun and never answered: nobody knows whether it took effect.', {
    code: 'IDEMPOTENCY_UNKNOWN', remedy: 'Look whether it did; if not, send it with a new key.',
  });
}

async function keep({ db, box }: Deps, keyId: string, { status, body }: Answer): Promise<void> {
  await db.orm.update(idempotencyKeys).set({ status, sealedAnswer: box.seal(body, placeOf(keyId)) }).where(eq(idempotencyKeys.keyId, keyId));
}

const placeOf = (keyId: string): string => `idempotency ${keyId}`;

function mismatch(): NeuroError {
  return new NeuroError('This Idempotency-Key was used for another request.', { code: 'IDEMPOTENCY_MISMATCH', remedy: 'Use a new key for each thing that is to be done.' });
}

function busy(retryAfter: number): NeuroError {
  return new NeuroError('A request with this Idempotency-Key is being answered.', { code: 'IDEMPOTENCY_BUSY', remedy: 'Send it again in a moment.', retryable: true, retryAfter });
}
