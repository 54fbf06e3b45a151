/** What does harm where a table is opened: text that a spreadsheet runs, or bytes that end a text early. */
export type Hazard = 'formula' | 'nul';

/** Why a table is refused for one of its columns, as a sentence; undefined where it is not. */
export function findHazard(columns: readonly { name: string; hazard?: Hazard }[]): string | undefined {
  const index = columns.findIndex(({ hazard }) => hazard !== undefined);
  if (index < 0) return undefined;
  return columns[index]?.hazard === 'nul'
    ? `Column ${index + 1} holds a NUL character, which ends a text early in many programs: take it out.`
    : `Column ${index + 1} holds a cell that spreadsheets run as a formula (=, +, - or @ and a call): put an apostrophe or a space before it.`;
}

const LONGEST_FORMULA = 1_000;
/** A name and a bracket, or a program, a bar and an exclamation mark (DDE). */
const CALL = /[A-Za-z_][A-Za-z0-9_.]{0,40}\(/;
const COMMAND = /^.[^|]{1,100}\|[^!]{0,300}!/s;

/**
 * Spreadsheets take a cell that begins with = + - or @ (behind tabs and line ends) for a formula. It is one here where it calls a function or a program, so
 * that a text like "-5 %" or "@home" is none. Source: OWASP, "CSV injection".
 */
export function hazardOf(text: string): Hazard | undefined {
  if (text.includes('\0')) return 'nul';
  const first = text.charCodeAt(0);
  // Most cells begin otherwise.
  if (first > 64 || (first > 45 && first < 61)) return undefined;
  const start = text.slice(0, LONGEST_FORMULA).replace(/^[\t\r\n]+/, '');
  return /^[=+\-@]/.test(start) && (CALL.test(start) || COMMAND.test(start)) ? 'formula' : undefined;
}
