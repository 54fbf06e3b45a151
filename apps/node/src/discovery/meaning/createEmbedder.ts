import { Worker } from 'node:worker_threads';
import { NeuroError } from '@neurodata/protocol';
import type { EmbedAnswer, EmbedRequest } from './messages.ts';

export type Embedder = {
  /** The digest of the model's file: vectors of two models do not compare. */
  readonly model: string;
  /** One vector of length 1 for each text, in order. Throws TIMEOUT, or INTERNAL where the model fails. */
  embed(texts: string[], deadlineMs: number): Promise<Float32Array[]>;
  stop(): Promise<void>;
};

const heapMb = 512;

/**
 * Opens the sentence encoder in `folder` (`model.onnx` and `tokenizer.json`) in a thread of its own: a text takes longer than a request
 * may hold up the others. Throws BAD_INPUT where it cannot be used.
 */
export async function createEmbedder(folder: string): Promise<Embedder> {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: { folder }, resourceLimits: { maxOldGenerationSizeMb: heapMb }, env: {} });
  worker.unref();
  const waiting = new Map<number, { resolve: (vectors: Float32Array[]) => void; reject: (error: unknown) => void }>();
  const opened = Promise.withResolvers<string>();
  let next = 0;
  let gone: NeuroError | undefined;
  const end = (reason: string): void => {
    gone = new NeuroError(`The thread that embeds texts ended: ${reason}`, { code: 'INTERNAL' });
    opened.reject(gone);
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  worker.on('message', (answer: EmbedAnswer) => {
    if ('ready' in answer) return opened.resolve(answer.ready);
    if ('failed' in answer) return opened.reject(new NeuroError('The embedding model cannot be used.', { code: 'BAD_INPUT', details: answer.failed, remedy: 'Name a folder with model.onnx and tokenizer.json of a sentence encoder.' }));
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('vectors' in answer) asked?.resolve(answer.vectors);
    else asked?.reject(new NeuroError('The embedding model failed.', { code: 'INTERNAL', details: answer.error }));
  });
  worker.on('error', (error) => end(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => end(`exit ${code}`));
  const model = await opened.promise.catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  return {
    model,
    embed: (texts, deadlineMs) => {
      if (gone) return Promise.reject(gone);
      const { promise, resolve, reject } = Promise.withResolvers<Float32Array[]>();
      const id = (next += 1);
      waiting.set(id, { resolve, reject });
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new NeuroError('Embedding took too long.', { code: 'TIMEOUT', retryable: true }));
      }, deadlineMs);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage({ id, texts } satisfies EmbedRequest);
      return promise.finally(() => clearTimeout(timer));
    },
    stop: async () => {
      await worker.terminate();
    },
  };
}
