/** Collects bytes of a module. */
export type ByteWriter = { bytes(...values: number[]): void; u32(value: number): void; signed(value: bigint): void; all(values: Uint8Array): void; finish(): Uint8Array };

export function createByteWriter(): ByteWriter {
  let buffer = new Uint8Array(256);
  let used = 0;
  const room = (count: number): void => {
    if (used + count <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, used + count));
    larger.set(buffer);
    buffer = larger;
  };
  const bytes = (...values: number[]): void => {
    room(values.length);
    for (const value of values) {
      buffer[used] = value;
      used += 1;
    }
  };
  return {
    bytes,
    u32: (value) => {
      let rest = value;
      for (; rest >= 128; rest = Math.floor(rest / 128)) bytes((rest % 128) | 128);
      bytes(rest);
    },
    signed: (value) => {
      let rest = value;
      for (;;) {
        const low = Number(rest & 127n);
        rest >>= 7n;
        const last = (rest === 0n && low < 64) || (rest === -1n && low >= 64);
        bytes(last ? low : low | 128);
        if (last) return;
      }
    },
    all: (values) => {
      room(values.length);
      buffer.set(values, used);
      used += values.length;
    },
    finish: () => buffer.slice(0, used),
  };
}
