export { scoreClasses } from '../metrics/scoreClasses.ts';
export { scoreNumbers } from '../metrics/scoreNumbers.ts';
export { createPause } from '../run/pause.ts';
export { type Column, type Table, column, numbersOf, textsOf } from '../table/table.ts';
export { csvNames } from '../table/csv.ts';
export { readTable } from '../table/readTable.ts';
