import { SealingError } from './errors.ts';

/** Lower-case hexadecimal with a `0x` prefix. */
export type Hex = `0x${string}`;

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Compares without stopping at the first difference, so that timing tells nothing about a MAC or a secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

export function toHex(bytes: Uint8Array): Hex {
  let text = '0x';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text as Hex;
}

/** Undefined when `text` is not an even number of lower-case hex digits behind `0x`. */
export function fromHex(text: string): Uint8Array | undefined {
  if (!/^0x(?:[0-9a-f]{2})*$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2 - 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 + 2 * i, 4 + 2 * i), 16);
  return bytes;
}

export function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** Returns `bytes`, or throws `BAD_KEY` naming `what` when it is not `length` bytes long. */
export function expectKey(bytes: Uint8Array, length: number, what: string): Uint8Array {
  if (bytes instanceof Uint8Array && bytes.length === length) return bytes;
  throw new SealingError('BAD_KEY', `${what} must be ${length} bytes, got ${bytes?.length ?? 'none'}; check which key was passed.`);
}
