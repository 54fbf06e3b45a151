import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentOf } from './content.ts';
import { findForbiddenEntry } from './forbiddenContent.ts';
import { identifyContent } from './identifyContent.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const raw = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const padded = (head: Uint8Array, size: number): Uint8Array => {
  const all = new Uint8Array(size);
  all.set(head);
  return all;
};

async function said(file: Uint8Array): Promise<string> {
  return identifyContent(contentOf(file)).then(({ kind, format }) => `${kind} ${format}`, (error: unknown) => String((error as Error).message));
}

function safetensors(header: unknown, data: number, length?: number): Uint8Array {
  const json = bytes(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + data);
  new DataView(file.buffer).setBigUint64(0, BigInt(length ?? json.length), true);
  file.set(json, 8);
  return file;
}

function tarOf(name: string): Uint8Array {
  const block = new Uint8Array(1024);
  block.set(bytes(name));
  block.set(bytes('ustar'), 257);
  return block;
}

/** A zip file's first local header, with a name and content. */
function zipOf(name: string, content = ''): Uint8Array {
  const head = new Uint8Array(30);
  head.set(raw('PK\x03\x04'));
  head[26] = name.length;
  return Uint8Array.from([...head, ...bytes(name), ...bytes(content)]);
}

/** Ir_version 8, a graph of three bytes. */
const onnx = Uint8Array.of(0x08, 8, 0x12, 2, 0x61, 0x62, 0x3a, 3, 1, 2, 3);

test('content decides', async () => {
  expect(await Promise.all([
    bytes('a,b\n1,2\n'), bytes('a;b\n1;2\n'), bytes('[{"a":1}]'), bytes('\uFEFF {"a":1}\n'), raw('PAR1....PAR1'), raw('ARROW1\0\0'), raw('\xff\xff\xff\xff\x10\0\0\0'),
    raw('\xff\xfea\0,\0b\0\n\0'), raw('a\0,\0b\0\n\0'), raw('\x89PNG\r\n\x1a\n....'), raw('\xff\xd8\xff\xe0'), raw('GIF89a..'), raw('RIFF....WEBPVP8 '), zipOf('a/b.png'), tarOf('a.txt'), raw('\x1f\x8b\x08\0'),
    onnx, raw('NDM2\0\0\0\0'), safetensors({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8), bytes('MZ,intensity\n1,2\n'), bytes('#comment,b\n1,2\n'), bytes('Zürich;1\n'),
  ].map(said))).toMatchInlineSnapshot(`
    [
      "table csv",
      "table csv",
      "table json",
      "table ndjson",
      "table parquet",
      "table arrow",
      "table arrow-stream",
      "table csv",
      "table csv",
      "image png",
      "image jpeg",
      "image gif",
      "image webp",
      "archive zip",
      "archive tar",
      "archive gzip",
      "model onnx",
      "model neurodata-model",
      "model safetensors",
      "table csv",
      "table csv",
      "table csv",
    ]
  `);
});

test('what is refused says why and what to do', async () => {
  const windows = padded(raw('MZ'), 256);
  windows[0x3c] = 128;
  windows.set(raw('PE\0\0'), 128);
  const found = await Promise.all([
    new Uint8Array(), raw('\x80\x04\x95\x0a\0\0\0'), raw('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.'), bytes('(dp0\nS"a"\np1\nI1\ns.'), bytes('cos\nsystem\n(S"ls"\ntR.'), raw('\x7fELF\x02\x01'), windows, raw('\xcf\xfa\xed\xfe\x07\0'), bytes('#!/bin/sh\nrm -rf /\n'), raw('\0asm\x01\0\0\0'),
    zipOf('[Content_Types].xml'), zipOf('mimetype', 'application/vnd.oasis.opendocument.spreadsheet'), raw('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), zipOf('archive/data.pkl'), raw('7z\xbc\xaf\x27\x1c'), raw('BZh91AY&SY'), raw('SQLite format 3\0'), raw('\x89HDF\r\n\x1a\n'), bytes('%PDF-1.7'), raw('\x93NUMPY'), raw('\x01\x02\x03\x04\x05'), raw('abc\0def'), raw('Stra\xdfe,M\xfcnchen\n'),
  ].map(said));
  expect(found).toMatchInlineSnapshot(`
    [
      "The file is empty. Choose a file with content.",
      "The file is a Python pickle: opening one runs whatever its maker put into it. Save a model as safetensors or ONNX, a table as CSV or Parquet.",
      "The file is a Python pickle: opening one runs whatever its maker put into it. Save a model as safetensors or ONNX, a table as CSV or Parquet.",
      "The file is a Python pickle: opening one runs whatever its maker put into it. Save a model as safetensors or ONNX, a table as CSV or Parquet.",
      "The file is a Python pickle: opening one runs whatever its maker put into it. Save a model as safetensors or ONNX, a table as CSV or Parquet.",
      "The file is a program. Publish data or a model: programs are neither.",
      "The file is a program. Publish data or a model: programs are neither.",
      "The file is a program. Publish data or a model: programs are neither.",
      "The file is a program. Publish data or a model: programs are neither.",
      "The file is a program. Publish data or a model: programs are neither.",
      "The file is a spreadsheet or an office document, which may hold formulas and macros. Export the sheet as CSV.",
      "The file is a spreadsheet or an office document, which may hold formulas and macros. Export the sheet as CSV.",
      "The file is a spreadsheet or an office document, which may hold formulas and macros. Export the sheet as CSV.",
      "The archive holds "archive/data.pkl", a Python pickle or what may hold one: opening it runs whatever its maker put into it. Save a model as safetensors or ONNX, a table as CSV or Parquet.",
      "The file is packed in a way that is not read here. Unpack it, or pack it as zip or tar.gz.",
      "The file is packed in a way that is not read here. Unpack it, or pack it as zip or tar.gz.",
      "The file is an SQLite database. Export its tables as CSV or Parquet.",
      "The file is HDF5, which may hold more than numbers. Save a model as ONNX or safetensors, a table as Parquet.",
      "The file is a PDF document. Publish the table behind it as CSV, or texts in an archive.",
      "The file is a numpy array, which may hold pickles. Save it as Parquet, Arrow or CSV.",
      "What the file is, its bytes do not show. Publish a table (CSV, JSON, NDJSON, Parquet, Arrow), a model (ONNX, safetensors) or a zip or tar.gz of images or texts.",
      "What the file is, its bytes do not show. Publish a table (CSV, JSON, NDJSON, Parquet, Arrow), a model (ONNX, safetensors) or a zip or tar.gz of images or texts.",
      "The file looks like text and is not valid UTF-8. Save it as UTF-8 and try again.",
    ]
  `);
});

test('the header of safetensors is believed in nothing', async () => {
  const f32 = (begin: number, end: number, shape = [(end - begin) / 4]): object => ({ dtype: 'F32', shape, data_offsets: [begin, end] });
  expect(await Promise.all([
    safetensors({ a: f32(0, 8), b: f32(8, 16), __metadata__: { format: 'pt' } }, 16),
    safetensors({ a: f32(0, 8), b: f32(4, 12) }, 12),
    safetensors({ a: f32(0, 8), b: f32(12, 16) }, 16),
    safetensors({ a: f32(0, 16) }, 8),
    safetensors({ a: f32(0, 8) }, 12),
    safetensors({ a: f32(0, 8, [3]) }, 8),
    safetensors({ a: f32(0, 8, [2 ** 52, 2 ** 52]) }, 8),
    safetensors({ a: { ...f32(0, 8), dtype: 'object' } }, 8),
    safetensors({ a: f32(8, 0, [0]) }, 8),
    safetensors({ a: { dtype: 'F32', shape: [-2], data_offsets: [0, -8] } }, 0),
    safetensors('{"a":', 8),
    safetensors({ a: f32(0, 8) }, 8, 10 ** 6),
    safetensors({ a: f32(0, 8) }, 8, 2 ** 38),
    safetensors({}, 0),
  ].map(said))).toMatchInlineSnapshot(`
    [
      "model safetensors",
      "The file is no whole safetensors file: tensor "b" overlaps another one. Save the model again.",
      "The file is no whole safetensors file: bytes before tensor "b" belong to none. Save the model again.",
      "The file is no whole safetensors file: tensor "a" goes beyond the file's end. Save the model again.",
      "The file is no whole safetensors file: 4 bytes at its end belong to no tensor. Save the model again.",
      "The file is no whole safetensors file: tensor "a" is not as long as its shape says. Save the model again.",
      "The file is no whole safetensors file: tensor "a" is not as long as its shape says. Save the model again.",
      "The file is no whole safetensors file: tensor "a" has an unknown type of numbers. Save the model again.",
      "The file is no whole safetensors file: tensor "a" is not as long as its shape says. Save the model again.",
      "The file is no whole safetensors file: tensor "a" has no shape of whole numbers. Save the model again.",
      "The file is no whole safetensors file: its header is no JSON object. Save the model again.",
      "The file is no whole safetensors file: it says that its header has 1000000 bytes, and has 70 itself. Save the model again.",
      "The file is no whole safetensors file: it says that its header has 274877906944 bytes, and has 70 itself. Save the model again.",
      "model safetensors",
    ]
  `);
});

test('a model that is cut off is none', async () => {
  expect(await said(onnx.subarray(0, 6))).toContain('do not show');
  expect(await said(onnx.subarray(0, 10))).toContain('do not show');
});

test('names inside of archives', () => {
  expect(['a/b.csv', 'x/data.pkl', 'weights.pt', 'xl/workbook.xml', 'content.xml', 'A.class', 'notes/content.xml.txt'].map((name) => findForbiddenEntry(name) !== undefined)).toEqual([false, true, true, true, true, true, false]);
});

test('any bytes are identified or refused, and nothing else is thrown', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.constantFrom('', 'PK\x03\x04', 'MZ', 'RIFF', '\x80', '\x08\x08'), async (tail, start) => {
    const file = Uint8Array.from([...raw(start), ...tail]);
    try {
      expect(await identifyContent(contentOf(file))).toHaveProperty('mediaType');
    } catch (error) {
      expect(error).toMatchObject({ name: 'NeuroError', code: 'BAD_INPUT' });
      expect((error as { remedy?: string }).remedy).toBeTruthy();
    }
  }), { numRuns: 500 });
});
