import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Answers a second with `connections` that each ask again as soon as they are answered. Plain sockets, and answers of one
 * length that is learnt first: the asker must cost less than the server.
 */
export async function answersPerSecond(parameters: { url: string; path: string; connections: number; seconds: number }): Promise<number> {
  const { url, path, connections, seconds } = parameters;
  const { hostname, port, host } = new URL(url);
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  let answers = 0;
  let running = true;
  const one = async (): Promise<void> => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    let left = 0;
    const ended = once(socket, 'close');
    socket.on('data', (bytes: Buffer) => {
      if (left === 0) left = lengthOf(bytes);
      left -= bytes.length;
      if (left > 0) return;
      if (left < 0) throw new Error('an answer is longer than it says.');
      answers += 1;
      if (running) socket.write(request);
      else socket.destroy();
    });
    socket.write(request);
    await ended;
  };
  const all = Array.from({ length: connections }, one);
  await sleep(200);
  const [before, began] = [answers, performance.now()];
  await sleep(seconds * 1_000);
  const rate = (answers - before) / ((performance.now() - began) / 1_000);
  running = false;
  await Promise.all(all);
  return rate;
}

/** Bytes of a whole answer, by its head. Heads are far shorter than what comes at once. */
function lengthOf(bytes: Buffer): number {
  const end = bytes.indexOf('\r\n\r\n');
  const head = bytes.toString('latin1', 0, end);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (end < 0 || length === undefined || !head.startsWith('HTTP/1.1 200')) throw new Error(`the server answered: ${head.slice(0, 200)}`);
  return end + 4 + Number(length);
}

/** Milliseconds of each answer at a steady rate, from when it should have been asked for: a slow answer delays no other question. */
export async function latencies(parameters: { url: string; paths: (turn: number) => string; perSecond: number; seconds: number; headers?: Record<string, string> }): Promise<number[]> {
  const { url, paths, perSecond, seconds, headers = {} } = parameters;
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  const count = Math.round(perSecond * seconds);
  const times: number[] = [];
  const began = performance.now();
  const ask = async (turn: number): Promise<void> => {
    const due = began + (turn * 1_000) / perSecond;
    await sleep(Math.max(due - performance.now(), 0));
    const status = await new Promise<number>((resolve, reject) => {
      get(`${url}${paths(turn)}`, { agent, headers }, (response) => {
        response.on('data', () => undefined).on('end', () => resolve(response.statusCode ?? 0));
      }).on('error', reject);
    });
    if (status !== 200) throw new Error(`${paths(turn)} was answered with ${status}.`);
    times.push(performance.now() - due);
  };
  await Promise.all(Array.from({ length: count }, (_, turn) => ask(turn)));
  agent.destroy();
  return times;
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.ceil(sorted.length * part) - 1, sorted.length - 1)] ?? Number.NaN;
}
