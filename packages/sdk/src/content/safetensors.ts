import { refusedContent } from './content.ts';

/** Bits of an element. Source: https://github.com/huggingface/safetensors, README and `Dtype`. */
const bits: Readonly<Record<string, number>> = {
  BOOL: 8, F4: 4, F6_E2M3: 6, F6_E3M2: 6, U8: 8, I8: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, I16: 16, U16: 16, F16: 16, BF16: 16, I32: 32, U32: 32, F32: 32, C64: 64, F64: 64, I64: 64, U64: 64,
};
/** The format's own bound. */
export const MOST_HEADER_BYTES = 100_000_000;

export type Tensor = { name: string; dtype: string; shape: readonly number[]; begin: number; end: number };

/**
 * Tensors that a safetensors header names, with the file's size in bytes. They must lie inside of the file, fill it from the header to the end, not overlap, and
 * be as long as their shapes say.
 *
 * @throws NeuroError BAD_INPUT naming the tensor
 */
export function readSafetensors(header: Uint8Array, size: number): Tensor[] {
  const tensors = entriesOf(header).filter(([name]) => name !== '__metadata__').map(([name, entry]) => tensorOf(name, entry));
  const length = size - 8 - header.length;
  let at = 0;
  for (const { name, begin, end } of tensors.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (end > length) throw bad(`tensor ${JSON.stringify(name)} goes beyond the file's end`);
    if (begin < at) throw bad(`tensor ${JSON.stringify(name)} overlaps another one`);
    if (begin > at) throw bad(`bytes before tensor ${JSON.stringify(name)} belong to none`);
    at = end;
  }
  if (at !== length) throw bad(`${length - at} bytes at its end belong to no tensor`);
  return tensors;
}

function entriesOf(header: Uint8Array): [string, unknown][] {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return Object.entries(parsed);
  } catch {
    // Said below.
  }
  throw bad('its header is no JSON object');
}

function tensorOf(name: string, entry: unknown): Tensor {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  const width = typeof dtype === 'string' ? bits[dtype] : undefined;
  if (typeof dtype !== 'string' || width === undefined) throw bad(`tensor ${JSON.stringify(name)} has an unknown type of numbers`);
  if (!isWhole(shape)) throw bad(`tensor ${JSON.stringify(name)} has no shape of whole numbers`);
  if (!isWhole(offsets) || offsets.length !== 2) throw bad(`tensor ${JSON.stringify(name)} has no two offsets`);
  const [begin = 0, end = 0] = offsets;
  const length = shape.reduce((product, dimension) => product * BigInt(dimension), BigInt(width));
  if (end < begin || length !== BigInt(end - begin) * 8n) throw bad(`tensor ${JSON.stringify(name)} is not as long as its shape says`);
  return { name, dtype, shape, begin, end };
}

function isWhole(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && (one as number) >= 0);
}

function bad(problem: string): Error {
  return refusedContent(`The file is no whole safetensors file: ${problem}.`, 'Save the model again.');
}
