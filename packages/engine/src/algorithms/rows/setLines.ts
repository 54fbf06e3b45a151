/** Copies rows of a design into lines that kernels read, with a 1 before each where there is an intercept. */
export function setLines({ lines, line, rows, width, intercept }: { lines: Float64Array; line: number; rows: Float64Array; width: number; intercept: boolean }): void {
  const at = intercept ? 1 : 0;
  for (let from = 0, to = 0; from < rows.length; from += width, to += line) {
    if (intercept) lines[to] = 1;
    for (let column = 0; column < width; column += 1) lines[to + at + column] = rows[from + column] as number;
  }
}
