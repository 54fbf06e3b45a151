/** Entry of the thread that turns texts into vectors: a sentence encoder in ONNX, run by onnxruntime (WebAssembly, one thread). */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor, env } from 'onnxruntime-web';
import type { EmbedAnswer, EmbedRequest } from './messages.ts';

/** Sentence encoders are trained on short texts; what is longer is cut. */
const mostTokens = 256;

const port = parentPort!;
const tell = (answer: EmbedAnswer): void => port.postMessage(answer);

async function open(folder: string): Promise<{ digest: string; embed: (text: string) => Promise<Float32Array> }> {
  const read = async (...names: string[]): Promise<Buffer> => {
    for (const name of names) {
      const bytes = await readFile(path.join(folder, name)).catch(() => undefined);
      if (bytes) return bytes;
    }
    throw new Error(`${folder} has no ${names[0]}.`);
  };
  const model = await read('model.onnx', 'onnx/model.onnx');
  const tokenizer = new Tokenizer(JSON.parse((await read('tokenizer.json')).toString('utf8')) as object, JSON.parse((await read('tokenizer_config.json').catch(() => Buffer.from('{}'))).toString('utf8')) as object);
  env.wasm.numThreads = 1;
  env.logLevel = 'fatal';
  const session = await InferenceSession.create(model, { executionProviders: ['wasm'], logSeverityLevel: 4 });
  const digest = createHash('sha256').update(model).digest('hex');
  return { digest, embed: (text) => embed({ session, tokenizer }, text) };
}

async function embed({ session, tokenizer }: { session: InferenceSession; tokenizer: Tokenizer }, text: string): Promise<Float32Array> {
  const ids = tokenizer.encode(text).ids.slice(0, mostTokens);
  // Of no words there is no meaning; it compares with nothing.
  if (ids.length === 0) return new Float32Array();
  const whole = (value: (index: number) => number): Tensor => new Tensor('int64', BigInt64Array.from(ids, (_, index) => BigInt(value(index))), [1, ids.length]);
  const known: Record<string, () => Tensor> = { input_ids: () => whole((index) => ids[index]!), attention_mask: () => whole(() => 1), token_type_ids: () => whole(() => 0) };
  const feeds = Object.fromEntries(session.inputNames.map((name) => {
    const make = known[name];
    if (!make) throw new Error(`the model asks for ${name}, which no text gives`);
    return [name, make()];
  }));
  const outputs = await session.run(feeds);
  const output = outputs['sentence_embedding'] ?? outputs['last_hidden_state'] ?? outputs[session.outputNames[0]!];
  if (!output || output.type !== 'float32') throw new Error('the model gives no numbers of 32 bits');
  return unit(pooled(output.data as Float32Array, output.dims));
}

/** The mean over the tokens, where there is one vector for each. */
function pooled(data: Float32Array, dims: readonly number[]): Float32Array {
  const width = dims.at(-1) ?? 0;
  const tokens = dims.length === 3 ? dims[1]! : 1;
  if (width === 0 || data.length !== tokens * width) throw new Error(`the model gives ${dims.join(' x ')} numbers`);
  return Float32Array.from({ length: width }, (_, place) => {
    let sum = 0;
    for (let token = 0; token < tokens; token += 1) sum += data[token * width + place]!;
    return sum / tokens;
  });
}

/** Of length 1, so that a product is a cosine. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 500);

try {
  const { digest, embed: embedOne } = await open((workerData as { folder: string }).folder);
  port.on('message', ({ id, texts }: EmbedRequest) => {
    void (async () => {
      const vectors: Float32Array[] = [];
      for (const text of texts) vectors.push(await embedOne(text));
      tell({ id, vectors });
    })().catch((error: unknown) => tell({ id, error: textOf(error) }));
  });
  tell({ ready: digest });
} catch (error) {
  tell({ failed: textOf(error) });
}
