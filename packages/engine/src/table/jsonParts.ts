import { type CsvPart, joined } from './csvPieces.ts';
import { BACKSLASH, CLOSE_LIST, COMMA, MOST_TEXT_BYTES, OPEN_LIST, QUOTE, badList, isBlank, longElement } from './walkRecords.ts';

/**
 * Cuts a JSON array that passes by into parts of whole elements, each with the comma or bracket behind it, for `walkElements`. What an element is worth is for its parser to say. None for an empty array.
 *
 * @throws EngineError BAD_JSON where the list does not end, or something stands behind it; TOO_LARGE where an element is longer than 64 MiB
 */
export async function* jsonParts(source: AsyncIterable<Uint8Array>): AsyncGenerator<CsvPart> {
  const cutter = createCutter();
  let held: Uint8Array[] = [];
  let [length, before] = [0, 0];
  for await (const chunk of source) {
    const first = cutter.begins() ? chunk.indexOf(OPEN_LIST) : -1;
    // Before the list stand blanks at most.
    if (cutter.begins() && first < 0) continue;
    const piece = chunk.subarray(first + 1);
    held.push(piece);
    length += piece.length;
    const { end, elements } = cutter.push(piece);
    if (elements > 0) {
      const all = joined(held, length);
      // A copy, made before: whoever is given the part may send its memory away.
      held = [all.slice(end)];
      length -= end;
      yield { bytes: all.subarray(0, end), before, rows: elements };
      before += elements;
    }
    if (cutter.ended()) [held, length] = [[], 0];
    if (length > MOST_TEXT_BYTES) throw longElement(before, length);
  }
  if (!cutter.ended()) throw badList();
}

type Cutter = {
  /** Whether nothing was seen so far. */
  begins(): boolean;
  /** Looks at the next bytes. Elements that ended since the last one that was told of, and behind which byte the last of them ends, counted from there. */
  push(chunk: Uint8Array): { end: number; elements: number };
  ended(): boolean;
};

function createCutter(): Cutter {
  let [begun, ended, blank] = [false, false, true];
  let [quoted, escaped] = [false, false];
  let [depth, seen, any] = [0, 0, false];
  return {
    begins: () => !begun,
    ended: () => ended,
    push: (chunk) => {
      begun = true;
      let [end, elements] = [0, 0];
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at] as number;
        if (ended) {
          if (!isBlank(chunk, at, at + 1)) throw badList();
        } else if (quoted) {
          if (escaped) escaped = false;
          else if (byte === BACKSLASH) escaped = true;
          else quoted = byte !== QUOTE;
        } else if (depth === 0 && (byte === COMMA || byte === CLOSE_LIST)) {
          ended = byte === CLOSE_LIST;
          // Blanks between two brackets are no element.
          if (ended && blank && !any) continue;
          [end, any, blank] = [seen + at + 1, true, true];
          elements += 1;
        } else {
          if (byte === QUOTE) quoted = true;
          // Brackets are 91 and 93, braces the same and 32.
          else if ((byte | 32) === 123) depth += 1;
          else if ((byte | 32) === 125) depth -= 1;
          blank &&= isBlank(chunk, at, at + 1);
        }
      }
      seen = end > 0 ? seen + chunk.length - end : seen + chunk.length;
      return { end, elements };
    },
  };
}
