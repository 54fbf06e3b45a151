export type Cell = string | number | bigint | boolean | null | undefined;

const number = /^-?\d+(\.\d+)?$/;

/** A cell of RFC 4180. What a spreadsheet would run as a formula gets an apostrophe before it; numbers stay numbers. */
function cellText(cell: Cell): string {
  const text = cell === null || cell === undefined ? '' : String(cell);
  const harmless = /^[=+\-@\t\r]/.test(text) && !number.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One line of RFC 4180 with its end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}
