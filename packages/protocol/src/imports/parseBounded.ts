import { NeuroError } from '../errors.ts';

/** The largest description that is read, bytes. */
export const MOST_DESCRIPTION_BYTES = 4 * 2 ** 20;
const MOST_DEPTH = 40;

/** JSON from a stranger: bounded in size and in depth before anything is made of it. Throws `TOO_LARGE` and `BAD_INPUT`. */
export function parseBounded(bytes: Uint8Array): unknown {
  if (bytes.length > MOST_DESCRIPTION_BYTES) throw new NeuroError(`The description has ${bytes.length} bytes.`, { code: 'TOO_LARGE', remedy: `At most ${MOST_DESCRIPTION_BYTES} are read.` });
  const text = decode(bytes);
  if (depthOf(text) > MOST_DEPTH) throw new NeuroError(`The description is nested more than ${MOST_DEPTH} deep.`, { code: 'BAD_INPUT', remedy: 'Give one that tools write.' });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NeuroError('The description is no JSON.', { code: 'BAD_INPUT', remedy: 'Give a Croissant file, or a dataset-metadata.json of Kaggle.', cause });
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new NeuroError('The description is not UTF-8.', { code: 'BAD_INPUT', remedy: 'Save it as UTF-8.', cause });
  }
}

/** How many brackets are open at once, at most; what stands in strings counts for nothing. */
function depthOf(text: string): number {
  let [depth, deepest, quoted] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted) {
      if (letter === '\\') at += 1;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '{' || letter === '[') deepest = Math.max(deepest, (depth += 1));
    else if (letter === '}' || letter === ']') depth -= 1;
  }
  return deepest;
}
