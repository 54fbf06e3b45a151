/** The design with a 1 before each row. */
export function withIntercept(design: Float64Array, width: number): Float64Array {
  const rows = design.length / width;
  const wider = new Float64Array(rows * (width + 1));
  for (let row = 0; row < rows; row += 1) {
    wider[row * (width + 1)] = 1;
    wider.set(design.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  return wider;
}
