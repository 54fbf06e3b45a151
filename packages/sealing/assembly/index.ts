/** ChaCha20-Poly1305 (RFC 8439, section 2.8) without associated data, in place. */
import { FOUR_BLOCKS, mixFour } from './chacha';
import { DATA, KEY, LENGTHS, NONCE, ONE_TIME, TAG } from './layout';
import { begin, finish, take } from './poly';

export function keyAt(): usize { return KEY; }
export function nonceAt(): usize { return NONCE; }
export function dataAt(): usize { return DATA; }

/** Seals `length` bytes of data; the tag stands behind them. */
export function seal(length: usize): void {
  makeOneTimeKey();
  mixAll(length);
  authenticate(length);
  v128.store(DATA + length, v128.load(TAG));
}

/** Opens `length` bytes of data whose tag stands behind them; leaves them as they are, and gives false, where it is not theirs. */
export function open(length: usize): bool {
  makeOneTimeKey();
  const given = v128.load(DATA + length);
  authenticate(length);
  if (v128.any_true(v128.xor(given, v128.load(TAG)))) return false;
  mixAll(length);
  return true;
}

/** Leaves nothing secret behind. `length`: of the data, its tag among it. */
export function wipe(length: usize): void {
  memory.fill(KEY, 0, DATA - KEY);
  memory.fill(DATA, 0, length + FOUR_BLOCKS);
}

function makeOneTimeKey(): void {
  memory.fill(ONE_TIME, 0, FOUR_BLOCKS);
  mixFour(0, ONE_TIME);
}

/** What is mixed behind the data's end is nobody's. */
function mixAll(length: usize): void {
  let counter: u32 = 1;
  for (let at: usize = 0; at < length; at += FOUR_BLOCKS) {
    mixFour(counter, DATA + at);
    counter += 4;
  }
}

/** Writes the tag of `length` bytes of ciphertext, which is as if zeros filled its last block. */
function authenticate(length: usize): void {
  memory.fill(DATA + length, 0, 16);
  begin();
  take(DATA, (length + 15) & ~15);
  store<u64>(LENGTHS, 0);
  store<u64>(LENGTHS, u64(length), 8);
  take(LENGTHS, 16);
  finish();
}
