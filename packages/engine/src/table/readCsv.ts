import { badNumber, isMissingField, readNumber, readPlainNumber } from './cell.ts';
import { type Before, fieldText, mostRows, walkCsv } from './csv.ts';
import { type Schema, type Table, createColumn, missingColumn } from './table.ts';

/**
 * Reads the schema's columns of a CSV file, or of a later piece of one. A cell is missing when it is empty or `NA`.
 *
 * @throws EngineError as walkCsv; MISSING_COLUMN, BAD_NUMBER
 */
export function readCsv(bytes: Uint8Array, schema: Schema, before?: Before): Table {
  const capacity = mostRows(bytes);
  const builders = schema.map((spec) => createColumn(spec, capacity));
  const { rows } = walkCsv(bytes, (names) => {
    for (const { name } of schema) if (!names.includes(name)) throw missingColumn(name, names);
    const wanted = names.map((name) => schema.findIndex((spec) => spec.name === name));
    return (row, at, field) => {
      const index = wanted[at] ?? -1;
      const builder = builders[index];
      const spec = schema[index];
      if (builder === undefined || spec === undefined) return;
      const { start, end } = field;
      if (isMissingField(bytes, start, end)) builder.missing(row);
      else if (spec.kind === 'categorical') builder.text(row, fieldText(bytes, field));
      else {
        const value = readPlainNumber(bytes, start, end) ?? readNumber(fieldText(bytes, field));
        if (value === undefined) throw badNumber(spec.name, row + (before?.rows ?? 1) - 1);
        builder.number(row, value);
      }
    };
  }, before);
  return { rows, columns: builders.map((builder) => builder.finish(rows)) };
}
