/** A process that describes a table of some size, which it holds a small part of, and says what it found and how much memory it took: `node describeLarge.ts json|arrow|parquet TIMES`. */
import { profileStream } from '../src/index.ts';
import { fileOf, messagesOf, parquetOf, rowsOf, streamOf } from './columnFiles.ts';
import { tableFileOf } from '../src/table/tableFile.ts';

const [format, times = '1', mode = 'file'] = process.argv.slice(2);
const rows = rowsOf(20_000);

async function* list(count: number): AsyncGenerator<Uint8Array> {
  const elements = new TextEncoder().encode(rows.map((row) => JSON.stringify({ ...row, pad: 'x'.repeat(60) })).join(',\n'));
  for (let at = 0; at < count; at += 1) {
    yield new TextEncoder().encode(at === 0 ? '[' : ',');
    yield elements.slice();
  }
  yield new TextEncoder().encode(']');
}

async function describe(count: number): Promise<{ rows: number; bytes: number }> {
  if (format === 'json') {
    let bytes = 0;
    const described = await profileStream(list(count), { onProgress: (done) => { bytes = done; } });
    return { rows: described.rows, bytes };
  }
  const { schema, rest } = await messagesOf(streamOf(rows));
  const file = format === 'arrow' ? fileOf([schema, ...Array.from({ length: count }, () => rest).flat()]) : tableFileOf(parquetOf(rows.map(({ n }, row) => ({ n, c: `a text that stands in one row only: ${row}` })), count));
  async function* head(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.size; at += 1 << 20) yield file.read(at, Math.min(1 << 20, file.size - at));
  }
  const described = await profileStream(head(), mode === 'held' ? {} : { file });
  return { rows: described.rows, bytes: file.size };
}

const found = await describe(Number(times));
process.stdout.write(JSON.stringify({ ...found, mostMb: Math.round(process.resourceUsage().maxRSS / 1_024) }));
