import { badCheckpoint, bytesToDoubles, doublesToBytes } from '../../../run/checkpoint.ts';

/** What a step added: a node split in two, or a tree that could not be split and is a single leaf. */
export type Grown =
  | { node: number; column: number; bin: number; missingLeft: boolean; leftRows: number; rightRows: number; leftValue: number; rightValue: number; closes: boolean }
  | { node: null; value: number };

const NONE = 0xffff_ffff;

/** State: u32 node, u32 column, u32 bin + 256 if missing goes left + 512 if it closes its tree, u32 rows left and right, f64 values left and right; or u32 2^32 - 1 and the leaf's f64 value. */
export function writeGrown(grown: Grown): Uint8Array {
  const bytes = new Uint8Array(grown.node === null ? 12 : 36);
  const view = new DataView(bytes.buffer);
  if (grown.node === null) {
    view.setUint32(0, NONE, true);
    view.setFloat64(4, grown.value, true);
    return bytes;
  }
  const flags = (grown.missingLeft ? 256 : 0) + (grown.closes ? 512 : 0);
  for (const [index, value] of [grown.node, grown.column, grown.bin + flags, grown.leftRows, grown.rightRows].entries()) view.setUint32(index * 4, value, true);
  view.setFloat64(20, grown.leftValue, true);
  view.setFloat64(28, grown.rightValue, true);
  return bytes;
}

/** @throws EngineError BAD_CHECKPOINT */
export function readGrown(kept: Uint8Array, width: number): Grown {
  const view = new DataView(kept.buffer, kept.byteOffset, kept.byteLength);
  if (kept.length === 12 && view.getUint32(0, true) === NONE) return { node: null, value: bytesToDoubles(kept.subarray(4), 1)[0] ?? 0 };
  if (kept.length !== 36) throw badCheckpoint(`keeps ${kept.length} bytes, a split takes 36`);
  const [column, flags] = [view.getUint32(4, true), view.getUint32(8, true)];
  const [leftValue, rightValue] = [view.getFloat64(20, true), view.getFloat64(28, true)];
  const finite = Number.isFinite(leftValue) && Number.isFinite(rightValue);
  if (!finite || column >= width || flags >= 1024 || (flags & 255) === 255) throw badCheckpoint('holds a split that no training makes');
  return {
    node: view.getUint32(0, true), column, bin: flags & 255, missingLeft: (flags & 256) !== 0, closes: (flags & 512) !== 0,
    leftRows: view.getUint32(12, true), rightRows: view.getUint32(16, true), leftValue, rightValue,
  };
}

/** State before the first step: the base scores. */
export function writeBase(base: readonly number[]): Uint8Array {
  return doublesToBytes(base);
}
