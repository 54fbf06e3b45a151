import { open } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Lower case, the 20,000 most used ones of four characters and more; see the licence beside the file. */
let words: Set<string> | undefined;
const load = (): Set<string> => (words ??= new Set(gunzipSync(readFileSync(path.join(import.meta.dirname, 'data/commonPasswords.txt.gz'))).toString('utf8').trim().split('\n')));

const letters: Record<string, string> = { '@': 'a', '4': 'a', '3': 'e', '1': 'l', '!': 'i', '0': 'o', $: 's', '5': 's', '7': 't' };

/**
 * Whether a password is one or two of the most used ones with digits and signs around and between them: those are tried first. Also with
 * digits and signs in the place of letters.
 */
export function isCommonPassword(password: string): boolean {
  const plain = password.toLowerCase();
  const core = plain.replaceAll(/^[^a-z]+|[^a-z]+$/g, '').replaceAll(/[@431!0$57]/g, (sign) => letters[sign] ?? sign);
  return load().has(plain) || [plain, core].some((text) => text !== '' && isMadeOf(text.replaceAll(/[^a-z0-9]+/g, ' ').trim(), 2));
}

/** Whether `text` is at most `most` listed words, with digits and blanks between. */
function isMadeOf(text: string, most: number): boolean {
  // fewest[i]: with how many words the first i characters can be said.
  const fewest = [0];
  for (let end = 1; end <= text.length; end += 1) {
    let best = /[0-9 ]/.test(text[end - 1]!) ? fewest[end - 1]! : Infinity;
    for (let start = Math.max(0, end - 40); start <= end - 4; start += 1) if (fewest[start]! < best - 1 && load().has(text.slice(start, end))) best = fewest[start]! + 1;
    fewest.push(best);
  }
  return fewest[text.length]! <= most;
}

/**
 * Whether a password stands in a file of leaked ones: sorted lines that begin with the upper-case hex of its SHA-1, as haveibeenpwned.com
 * gives them away. Reads a few blocks of it, whatever its size.
 */
export async function isInLeakFile(file: string, password: string): Promise<boolean> {
  const wanted = createHash('sha1').update(password).digest('hex').toUpperCase();
  const handle = await open(file);
  try {
    let [low, high] = [0, (await handle.stat()).size];
    // The line that begins first at or after `low` lies before `high`, if it is there at all.
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, middle);
      const text = buffer.toString('latin1', 0, bytesRead);
      const begin = middle === 0 ? 0 : text.indexOf('\n') + 1;
      const line = begin === 0 && middle !== 0 ? '' : text.slice(begin, begin + 40).toUpperCase();
      if (line === wanted) return true;
      if (line !== '' && line < wanted) low = middle + 1;
      else high = middle;
    }
    return false;
  } finally {
    await handle.close();
  }
}
