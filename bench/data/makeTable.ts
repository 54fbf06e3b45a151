import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createRandomNumbers } from '../engine/randomNumbers.ts';

const PIECE_BYTES = 1 << 20;

/** Writes a CSV table of about `bytes`: numbers of several kinds, a time, codes, few and many different texts, missing cells. The same for the same size. Gives its rows. */
export async function makeTable(file: string, bytes: number): Promise<number> {
  const random = createRandomNumbers(1);
  const output = createWriteStream(file);
  let held = 'id,at,sensor,value,reading,ok,count,note\n';
  let [written, rows] = [0, 0];
  while (written + held.length < bytes) {
    held += lineOf(rows, random);
    rows += 1;
    if (held.length < PIECE_BYTES) continue;
    written += held.length;
    if (!output.write(held)) await once(output, 'drain');
    held = '';
  }
  output.end(held);
  await once(output, 'close');
  return rows;
}

function lineOf(row: number, random: ReturnType<typeof createRandomNumbers>): string {
  const at = `2026-0${1 + (row % 9)}-1${row % 10}T0${row % 10}:${10 + (row % 50)}:00Z`;
  const value = row % 19 === 0 ? '' : (random.normal() * 100).toFixed(2);
  return `${row},${at},s${Math.abs(Math.floor(random.normal() * 60))},${value},${random.normal().toFixed(5)},${row % 3 === 0},${Math.floor(random.normal() ** 2 * 300)},"run ${Math.floor(Math.abs(random.normal()) * 5_000)}, as planned"\n`;
}
