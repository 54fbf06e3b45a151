import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Asked } from './askJson.ts';
import { ask, parseAnswer, saidBy } from './askJson.ts';
import type { BlockStore } from './BlockStore.ts';
import { exportCar } from './carStream.ts';
import { parseCid } from './cids.ts';
import type { Pinned, PinningTarget } from './PinningTarget.ts';
import { StorageError } from './StorageError.ts';

export type KuboParameters = {
  /** Of its RPC, e.g. `http://127.0.0.1:5001`: `/api/v0` is added. */
  url: string;
  /** Where the blocks come from that are sent there. */
  blocks: BlockStore;
  /** `Authorization`, where its RPC asks for one, e.g. `Bearer …` or `Basic …`. */
  authorization?: string;
  name?: string;
  fetch?: typeof fetch;
  /** Time for one call, and for sending one graph, in milliseconds. */
  deadlineMs?: number;
  importDeadlineMs?: number;
};

const DEADLINE_MS = 30_000;
const IMPORT_DEADLINE_MS = 30 * 60_000;

/**
 * A kubo node (or a cluster's proxy that speaks the same) by its RPC (https://docs.ipfs.tech/reference/kubo/rpc/): blocks are sent there as a
 * CAR, so it need not find them, and are pinned recursively.
 *
 * @throws StorageError from its methods as {@link PinningTarget} says, and those of `blocks` where one that is sent is missing or wrong.
 */
export function kuboTarget(parameters: KuboParameters): PinningTarget {
  const { blocks, authorization, deadlineMs = DEADLINE_MS, importDeadlineMs = IMPORT_DEADLINE_MS } = parameters;
  const base = `${parameters.url.replace(/\/+$/, '')}/api/v0`;
  const who = parameters.name ?? new URL(base).host;
  const headers = authorization === undefined ? {} : { authorization };
  const call = async (path: string, query: Record<string, string>, init: RequestInit = {}, ms = deadlineMs): Promise<Asked> => {
    const url = `${base}/${path}?${new URLSearchParams(query).toString()}`;
    // Its own failures are 500 with their reason in JSON.
    const asked = await ask({ who, url, deadlineMs: ms, answered: (status) => status <= 500, init: { method: 'POST', ...init, headers: { ...headers, ...init.headers } }, ...(parameters.fetch ? { fetch: parameters.fetch } : {}) });
    if (asked.status === 401 || asked.status === 403) throw new StorageError({ code: 'UNSUPPORTED', message: `${who} refused with ${asked.status}. Check its authorization.` });
    if (asked.status === 404 || asked.status === 405) throw new StorageError({ code: 'UNREACHABLE', message: `${who} answered ${asked.status}: there is no kubo RPC at that address.` });
    return asked;
  };
  const done = (asked: Asked): Asked => {
    if (asked.status === 200) return asked;
    throw new StorageError({ code: 'UNREACHABLE', message: `${who} failed${saidBy(messageOf(asked.text))}.` });
  };
  const status = async (cid: string): Promise<Pinned> => {
    const asked = await call('pin/ls', { arg: cid, type: 'recursive' });
    if (asked.status === 500 && /not pinned|is not pinned/i.test(messageOf(asked.text))) return { cid, id: cid, name: '', state: 'none' };
    done(asked);
    return { cid, id: cid, name: '', state: 'pinned' };
  };
  return {
    name: who,
    pin: async ({ cid, name }) => {
      const root = parseCid(cid);
      const known = await status(cid);
      if (known.state === 'pinned') return known;
      const { type, stream } = multipart(exportCar({ blocks, roots: [root] }));
      const sent = done(await call('dag/import', { 'pin-roots': 'true' }, { body: stream, headers: { 'content-type': type }, duplex: 'half' } as RequestInit, importDeadlineMs));
      const failed = pinFailure(sent.text);
      if (failed !== undefined) throw new StorageError({ code: 'UNREACHABLE', cid, message: `${who} did not pin ${cid}${saidBy(failed)}.` });
      // Pinned already: this gives the pin its name.
      done(await call('pin/add', { arg: cid, recursive: 'true', name: name.slice(0, 255) }));
      return { cid, id: cid, name, state: 'pinned' };
    },
    status: ({ cid }) => status(cid),
    unpin: async ({ cid }) => {
      if ((await status(cid)).state === 'pinned') done(await call('pin/rm', { arg: cid, recursive: 'true' }));
    },
    list: async function* () {
      const { text } = done(await call('pin/ls', { type: 'recursive', names: 'true' }));
      const { Keys = {} } = parseAnswer(who, text) as { Keys?: Record<string, { Name?: string }> };
      for (const [cid, { Name = '' }] of Object.entries(Keys)) yield { cid, id: cid, name: Name, state: 'pinned' };
    },
    check: async () => {
      const { ID, AgentVersion } = parseAnswer(who, done(await call('id', {})).text) as { ID?: unknown; AgentVersion?: unknown };
      const { RepoSize, NumObjects } = parseAnswer(who, done(await call('repo/stat', {})).text) as { RepoSize?: unknown; NumObjects?: unknown };
      if (typeof ID !== 'string') throw new StorageError({ code: 'UNREACHABLE', message: `${who} does not say who it is: there is no kubo RPC at that address.` });
      return `${who}, ${String(AgentVersion).slice(0, 60)}, peer ${ID.slice(0, 80)}, keeps ${String(NumObjects)} blocks in ${String(RepoSize)} bytes`;
    },
    announce: async (cid) => void done(await call('routing/provide', { arg: cid })),
  };
}

/** One file as a form, streamed. */
function multipart(content: AsyncIterable<Uint8Array>): { type: string; stream: ReadableStream<Uint8Array> } {
  const boundary = `neurodata-${randomUUID()}`;
  const encoder = new TextEncoder();
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield encoder.encode(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="blocks.car"\r\nContent-Type: application/vnd.ipld.car\r\n\r\n`);
    yield* content;
    yield encoder.encode(`\r\n--${boundary}--\r\n`);
  }
  return { type: `multipart/form-data; boundary=${boundary}`, stream: Readable.toWeb(Readable.from(parts(), { objectMode: false })) as ReadableStream<Uint8Array> };
}

/** Failures are `{"Message", "Code", "Type": "error"}`. */
function messageOf(text: string): string {
  try {
    const { Message } = JSON.parse(text) as { Message?: unknown };
    return typeof Message === 'string' ? Message : '';
  } catch {
    return text;
  }
}

/** What an import says of its roots, a JSON value a line; undefined where each is pinned. */
function pinFailure(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const roots = lines.flatMap((line) => {
    const { Root, Message } = JSON.parse(line) as { Root?: { PinErrorMsg?: string }; Message?: string };
    return Root ? [Root.PinErrorMsg ?? ''] : Message === undefined ? [] : [Message];
  });
  if (roots.length === 0) return 'it named no root';
  return roots.find((reason) => reason !== '');
}
