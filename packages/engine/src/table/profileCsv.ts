import { isMissingField, readNumber, readPlainNumber } from './cell.ts';
import { plainCsv } from './plainCsv.ts';
import { fieldText, walkCsv } from './csv.ts';
import { type TableProfile, type Tally, countCell, createTally, describeTally } from './tally.ts';

/**
 * Describes a CSV table, in whatever dialect.
 *
 * @throws EngineError as {@link walkCsv}; TOO_LARGE as {@link countCell}
 */
export function profileCsv(file: Uint8Array): TableProfile {
  const bytes = plainCsv(file);
  let tallies: Tally[] = [];
  const { rows } = walkCsv(bytes, (names) => {
    const held = { bytes: 0, columns: 0 };
    tallies = names.map((name) => createTally(name, held));
    return (_, at, field) => {
      const tally = tallies[at];
      if (tally === undefined) return;
      if (isMissingField(bytes, field.start, field.end)) tally.missing += 1;
      else countField(tally, fieldText(bytes, field), readPlainNumber(bytes, field.start, field.end));
    };
  });
  return { rows, columns: tallies.map(describeTally) };
}

function countField(tally: Tally, text: string, plain: number | undefined): void {
  countCell(tally, text, tally.numeric ? (plain ?? readNumber(text)) : undefined);
}
