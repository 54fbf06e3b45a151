import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type OnnxModel, encodeOnnx } from '@neurodata/engine/export';
import { searchQuerySchema } from '@neurodata/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../common/logger.ts';
import type { Database } from '../../db/openDatabase.ts';
import { openTestDatabase } from '../../db/openTestDatabase.ts';
import { createShelf } from '../../indexer/testing/shelf.ts';
import { createDiscovery } from '../createDiscovery.ts';
import { createEmbedder } from './createEmbedder.ts';
import type { Embedder } from './createEmbedder.ts';
import { createMeaning } from './createMeaning.ts';

/** A sentence encoder as small as can be: each word has a vector, and "animals" lies where "cats" does. */

const log = createLogger({ level: 'silent' });
const words = ['[UNK]', 'animals', 'cats', 'dogs', 'town'];
const vectors = [[0, 0, 1], [1, 0.1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]];

type Graph = NonNullable<OnnxModel['graph']>;
const port = (name: string, elemType: number, ...dims: (string | number)[]): Graph['input'][number] => ({ name, type: { tensorType: { elemType, shape: { dim: dims.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })) } } } });

function encoderModel(): Uint8Array {
  const rawData = new Uint8Array(Float32Array.from(vectors.flat()).buffer);
  return encodeOnnx({
    irVersion: 10, opsetImport: [{ version: 21 }], metadataProps: [],
    graph: {
      name: 'encoder', initializer: [{ name: 'table', dims: [words.length, 3], dataType: 1, rawData }], node: [{ opType: 'Gather', input: ['table', 'input_ids'], output: ['last_hidden_state'], attribute: [] }],
      input: [port('input_ids', 7, 'batch', 'tokens')], output: [port('last_hidden_state', 1, 'batch', 'tokens', 3)],
    },
  });
}

const tokenizer = {
  version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: { type: 'Lowercase' }, pre_tokenizer: { type: 'Whitespace' }, post_processor: null, decoder: null,
  model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: Object.fromEntries(words.map((word, index) => [word, index])) },
};

let folder = '';
let db: Database;
let embedder: Embedder;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'neurodata-meaning-'));
  await writeFile(path.join(folder, 'model.onnx'), encoderModel());
  await writeFile(path.join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  embedder = await createEmbedder(folder);
  db = await openTestDatabase(process.env['NEURODATA_TEST_DATABASE_URL']);
});
afterAll(async () => {
  await embedder?.stop();
  await db?.close();
  await rm(folder, { recursive: true, force: true });
});

test('a text becomes the mean of its tokens, of length 1', async () => {
  const [cats, both, nothing] = await embedder.embed(['Cats', 'cats dogs', ''], 20_000);
  expect([...cats!]).toEqual([1, 0, 0]);
  expect([...both!].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([0.7071, 0.7071, 0]);
  expect(nothing).toHaveLength(0);
  expect(embedder.model).toMatch(/^[0-9a-f]{64}$/);
});

test('what means the same comes first, once texts are embedded; by words alone before, and when the model is away', async () => {
  const { publish } = createShelf(db);
  await publish({ assetId: 1, title: 'Animals', description: 'cats cats cats' });
  await publish({ assetId: 2, title: 'Animals', description: 'dogs dogs dogs' });
  await publish({ assetId: 3, title: 'Animals', description: 'dogs town town' });
  const meaning = createMeaning({ db, embedder, log });
  const ask = (discovery: ReturnType<typeof createDiscovery>, more: Record<string, string> = {}) => discovery.search(searchQuerySchema.parse({ q: 'animals', ...more }));
  const discovery = createDiscovery({ db, rerank: meaning.rerank });
  expect(await ask(discovery)).toMatchObject({ assetIds: [3, 2, 1], semantic: false });
  expect(await meaning.embedMissing()).toBe(3);
  expect(await meaning.embedMissing()).toBe(0);
  expect(await ask(discovery)).toMatchObject({ assetIds: [1, 3, 2], semantic: true });
  const first = await ask(discovery, { limit: '2' });
  expect(first.assetIds).toEqual([1, 3]);
  expect(await ask(discovery, { limit: '2', cursor: first.next! })).toMatchObject({ assetIds: [2], semantic: true });
  await publish({ assetId: 1, title: 'Animals', description: 'town town town', version: 2 });
  expect(await meaning.embedMissing()).toBe(1);
  const other = await createEmbedder(folder);
  await other.stop();
  const away = createDiscovery({ db, rerank: createMeaning({ db, embedder: other, log }).rerank });
  expect(await ask(away)).toMatchObject({ assetIds: [3, 2, 1], semantic: false });
});

test('says why a folder is no model', async () => {
  await expect(createEmbedder(path.join(folder, 'nothing'))).rejects.toMatchObject({ code: 'BAD_INPUT', details: expect.stringContaining('has no model.onnx') });
  const bad = await mkdtemp(path.join(os.tmpdir(), 'neurodata-meaning-'));
  await writeFile(path.join(bad, 'model.onnx'), 'nonsense');
  await writeFile(path.join(bad, 'tokenizer.json'), JSON.stringify(tokenizer));
  await expect(createEmbedder(bad)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await rm(bad, { recursive: true });
});
