/** Memory that threads can share, where the host has such: a browser has it on pages that are isolated across origins. */
const Memory: new (bytes: number) => ArrayBufferLike = typeof SharedArrayBuffer === 'undefined' ? ArrayBuffer : SharedArrayBuffer;

export function sharedDoubles(count: number): Float64Array {
  return new Float64Array(new Memory(count * 8), 0, count);
}

export function sharedIntegers(count: number): Int32Array {
  return new Int32Array(new Memory(count * 4), 0, count);
}
