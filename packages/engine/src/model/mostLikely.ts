/** The first index of the largest of a row's outputs. */
export function mostLikely(outputs: Float64Array, width: number, row: number): number {
  let best = 0;
  for (let index = 1; index < width; index += 1) {
    if ((outputs[row * width + index] ?? 0) > (outputs[row * width + best] ?? 0)) best = index;
  }
  return best;
}
