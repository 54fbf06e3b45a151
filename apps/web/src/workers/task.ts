import { type ErrorCode, NeuroError } from '@neurodata/protocol';

/** What a worker sends back: any number of `progress`, then one `done` or `failed`. */
export type Reply<Progress, Result> =
  | { type: 'progress'; progress: Progress }
  | { type: 'done'; result: Result }
  | { type: 'failed'; message: string; code?: ErrorCode; remedy?: string | undefined; details?: string | undefined };

export type RunTaskParameters<Input, Progress> = {
  worker: Worker;
  input: Input;
  transfer?: Transferable[];
  onProgress?: ((progress: Progress) => void) | undefined;
  signal?: AbortSignal | undefined;
};

/** Runs one task in a worker of its own and ends the worker with it, also when the signal aborts. */
export function runTask<Input, Progress, Result>(parameters: RunTaskParameters<Input, Progress>): Promise<Result> {
  const { worker, input, transfer = [], onProgress, signal } = parameters;
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  worker.addEventListener('message', ({ data }: MessageEvent<Reply<Progress, Result>>) => {
    if (data.type === 'progress') onProgress?.(data.progress);
    else if (data.type === 'done') resolve(data.result);
    else reject(revive(data));
  });
  worker.addEventListener('error', (event) => reject(new Error(event.message || 'The background worker could not start: reload the page.')));
  signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  worker.postMessage(input, transfer);
  return promise.finally(() => worker.terminate());
}

function revive(failed: Extract<Reply<never, never>, { type: 'failed' }>): Error {
  const { message, code, remedy, details } = failed;
  if (!code) return new Error(message);
  const short = remedy && message.endsWith(remedy) ? message.slice(0, -remedy.length).trim() : message;
  return new NeuroError(short, { code, ...(remedy ? { remedy } : {}), ...(details ? { details } : {}) });
}

/** The worker's side: answers the one message that it gets. `transfer` names buffers of the result to move, not copy. */
export function serveTask<Input, Progress, Result>(work: (input: Input, report: (progress: Progress) => void) => Promise<{ result: Result; transfer?: Transferable[] }>): void {
  const scope = globalThis as unknown as { addEventListener: (type: 'message', listener: (event: MessageEvent<Input>) => void) => void; postMessage: (reply: Reply<Progress, Result>, options: { transfer: Transferable[] }) => void };
  const send = (reply: Reply<Progress, Result>, transfer: Transferable[] = []): void => scope.postMessage(reply, { transfer });
  scope.addEventListener('message', ({ data }) => {
    work(data, (progress) => send({ type: 'progress', progress })).then(
      ({ result, transfer }) => send({ type: 'done', result }, transfer),
      (error: unknown) => send(failure(error)),
    );
  });
}

function failure(error: unknown): Extract<Reply<never, never>, { type: 'failed' }> {
  if (error instanceof NeuroError) return { type: 'failed', message: error.message, code: error.code, remedy: error.remedy, details: error.details };
  return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
}
