import { setTimeout as sleep } from 'node:timers/promises';
import { NeuroError, hex32Schema, progressSchema } from '@neurodata/protocol';
import type { Progress } from '@neurodata/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Changes } from '../common/changes.ts';
import type { Database } from '../db/openDatabase.ts';
import { findProgress } from '../db/progress.ts';

const heartbeatMs = 15_000;
const mostStreams = 500;
/** A reader that leaves this much unread, bytes, is cut off; it comes back by itself. */
const mostUnread = 1024 * 1024;
const progressPollMs = 400;

export type EventStreamsParameters = { db: Database; changes: Pick<Changes, 'subscribe'>; heartbeatMs?: number };

type Stream = { send: (event: string, data: unknown) => void; signal: AbortSignal };

/**
 * Server-sent events (WHATWG HTML, 9.2): `/api/v1/events` with every change, `/api/v1/jobs/{jobId}/progress` with one
 * job's progress. Returns the function that ends all streams.
 */
export function addEventStreams(app: FastifyInstance, parameters: EventStreamsParameters): () => void {
  const { db, changes } = parameters;
  const open = new Set<AbortController>();
  const start = (reply: FastifyReply): Stream => {
    if (open.size >= mostStreams) throw new NeuroError('Too many pages listen to this node.', { code: 'RATE_LIMITED', remedy: 'Close some of them.', retryable: true });
    const abort = new AbortController();
    open.add(abort);
    abort.signal.addEventListener('abort', () => open.delete(abort));
    return openStream({ reply, abort, heartbeat: parameters.heartbeatMs ?? heartbeatMs });
  };

  app.get('/api/v1/events', (_request, reply) => {
    const stream = start(reply);
    const stop = changes.subscribe((change) => stream.send('change', change));
    stream.signal.addEventListener('abort', stop);
  });
  app.get('/api/v1/jobs/:jobId/progress', (request, reply) => {
    const { jobId } = z.object({ jobId: hex32Schema }).parse(request.params);
    const stream = start(reply);
    // Ends with the stream; a database that fails ends the stream, and the browser asks again.
    void followProgress(db, jobId, stream).catch(() => reply.raw.destroy());
  });
  return () => {
    for (const abort of open) abort.abort();
  };
}

function openStream(parameters: { reply: FastifyReply; abort: AbortController; heartbeat: number }): Stream {
  const { reply, abort, heartbeat } = parameters;
  const { raw } = reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'keep-alive' });
  const write = (text: string): void => {
    if (abort.signal.aborted) return;
    raw.write(text);
    if (raw.writableLength > mostUnread) raw.destroy();
  };
  write('retry: 1000\n\n');
  const timer = setInterval(() => write(': still here\n\n'), heartbeat);
  raw.on('close', () => abort.abort());
  abort.signal.addEventListener('abort', () => {
    clearInterval(timer);
    raw.end();
  });
  let id = 0;
  const send = (event: string, data: unknown): void => {
    id += 1;
    write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  return { send, signal: abort.signal };
}

/** The worker may be another process, so its progress is read from the database. Sends it whenever it is another. */
async function followProgress(db: Database, jobId: `0x${string}`, stream: Stream): Promise<void> {
  let sent: string | undefined;
  while (!stream.signal.aborted) {
    const progress: Progress | undefined = await findProgress(db, jobId);
    const text = JSON.stringify(progress);
    if (progress && text !== sent) stream.send('progress', z.encode(progressSchema, progress));
    sent = text;
    await sleep(progressPollMs, undefined, { signal: stream.signal }).catch(() => undefined);
  }
}
