import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { SignedIn } from '@neurodata/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noChain, serveApi } from '../api/testing.ts';
import type { ServedApi } from '../api/testing.ts';
import { createUserClient, password } from '../api/userClient.ts';
import { readSettings } from '../config.ts';
import { openTestDatabase } from '../db/openTestDatabase.ts';
import type { Database } from '../db/openDatabase.ts';
import { addGatewayReadings } from './gatewayReadings.ts';
import { openTelemetry } from './openTelemetry.ts';
import type { Telemetry } from './openTelemetry.ts';

/** One API with all that watches it: figures, traces to a collector that is ours, and errors. */

const server = process.env['NEURODATA_TEST_DATABASE_URL'];
const token = 'a-token-of-the-operator';

type Span = { traceId: string; spanId: string; parentSpanId?: string; name: string; attributes: { key: string; value: { stringValue?: string; intValue?: number } }[] };
const spans: Span[] = [];
const collector = createServer(async (request, response) => {
  const { resourceSpans } = JSON.parse(await bodyOf(request)) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
  spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part as string;
  return text;
}

let db: Database;
let served: ServedApi;
let telemetry: Telemetry;
const lines: string[] = [];
const { send, post, signUp } = createUserClient(() => served);

beforeAll(async () => {
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const settings = readSettings({ NEURODATA_METRICS_TOKEN: token, NEURODATA_LOG: 'debug', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as { port: number }).port}` });
  telemetry = openTelemetry({ settings, version: '0.1.0', destination: { write: (line) => void lines.push(line) } });
  db = await openTestDatabase(server);
  served = await serveApi({
    chain: noChain, db, users: { firstAdmin: 'root@example.org', onSignIn: telemetry.metrics.signIn },
    extra: { log: telemetry.log, metrics: { ...telemetry.metrics, token }, demo: { accounts: [], fund: () => Promise.reject(new Error('not here')) } },
  });
  served.jobs.define('report', { retries: 0, backoff: 1, timeoutSeconds: 20, work: async () => ({ rows: (await db.pool.query('SELECT 1')).rowCount }) });
  addGatewayReadings(telemetry.metrics, { db, jobs: served.jobs, indexer: { head: () => ({ chain: 12, indexed: 9, timestamp: 0 }) }, readiness: async () => ({ ready: false, parts: { disk: { ready: false, reason: 'full' }, chain: { ready: true } } }) });
});
afterAll(async () => {
  await served.close();
  await telemetry.stop();
  await db.close();
  collector.closeAllConnections();
  collector.close();
});

const read = async (access?: string): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${served.api.url}/metrics`, access ? { headers: { authorization: `Bearer ${access}` } } : {});
  return { status: response.status, text: await response.text() };
};

test('figures are for whoever shows the token and for admins; they name routes and states, and nobody', async () => {
  const me = await signUp();
  await signUp('root@example.org');
  const root = (await post('login', { email: 'root@example.org', password })).value as SignedIn;
  await send('GET', `/api/v1/admin/jobs`, { access: root.access });
  await send('GET', '/api/v1/assets/77');
  await send('GET', '/nothing/at/all/ada@example.org');
  await served.jobs.enqueue('report', {});
  await served.jobs.idle();
  expect([(await read()).status, (await read('guess')).status, (await read(me.access)).status, (await read(root.access)).status]).toEqual([401, 401, 403, 200]);
  const { status, text } = await read(token);
  expect(status).toBe(200);
  for (const line of [
    'neurodata_http_request_seconds_count{method="GET",route="/api/v1/assets/{assetId}",status="404"} 1',
    'neurodata_http_request_seconds_count{method="GET",route="none",status="404"} 1',
    'neurodata_http_request_seconds_count{method="POST",route="/api/v1/auth/login",status="200"} 1',
    'neurodata_sign_ins_total{method="password"} 3',
    'neurodata_jobs{name="report",state="done"} 1',
    'neurodata_indexer_lag_blocks 3', 'neurodata_chain_head_block 12', 'neurodata_ready{part="disk"} 0', 'neurodata_ready{part="chain"} 1',
  ]) expect(text).toContain(`\n${line}\n`);
  for (const name of ['process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds', 'neurodata_db_connections{state="waiting"}']) expect(text).toContain(`\n${name}`);
  expect(text).not.toMatch(/example\.org|0x|[0-9a-f]{8}-[0-9a-f]{4}-/);
});

test("a request goes on in its caller's trace, with what it asks the database, and the log names the trace", async () => {
  const me = await signUp();
  const [traceId, caller] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  const { status, headers } = await send('POST', '/api/v1/auth/keys', { body: { name: 'traced', scopes: ['profile:read'] }, access: me.access, headers: { traceparent: `00-${traceId}-${caller}-01` } });
  expect(status).toBe(200);
  const mine = () => spans.filter((span) => span.traceId === traceId);
  await expect.poll(() => mine().some(({ name }) => name.startsWith('POST ')), { timeout: 15_000 }).toBe(true);
  const [root] = mine().filter(({ name }) => name === 'POST /api/v1/auth/keys');
  expect(root).toMatchObject({ parentSpanId: caller });
  expect(root!.attributes).toEqual(expect.arrayContaining([{ key: 'http.route', value: { stringValue: '/api/v1/auth/keys' } }, { key: 'http.response.status_code', value: { intValue: 200 } }]));
  const asked = mine().filter(({ name }) => name.startsWith('db '));
  expect(asked.map(({ name }) => name)).toEqual(expect.arrayContaining(['db select', 'db insert']));
  expect(asked.every(({ parentSpanId }) => parentSpanId === root!.spanId)).toBe(true);
  // Statements as they are written, with their values left out.
  expect(JSON.stringify(asked)).toContain('insert into \\"api_keys\\"');
  expect(JSON.stringify(mine())).not.toMatch(/traced|eyJ/);
  const answered = lines.map((line) => JSON.parse(line) as { id?: string; trace_id?: string; msg: string }).find(({ id, msg }) => msg === 'answered' && id === headers.get('x-request-id'));
  expect(answered?.trace_id).toBe(traceId);
});

test('a job is a trace of its own; a request without one begins one', async () => {
  await served.jobs.enqueue('report', {});
  await served.jobs.idle();
  await send('GET', '/api/v1/auth/user', { headers: { traceparent: 'nonsense' } });
  await expect.poll(() => spans.some(({ name }) => name === 'GET /api/v1/auth/user'), { timeout: 15_000 }).toBe(true);
  await expect.poll(() => spans.some(({ name }) => name === 'job report'), { timeout: 15_000 }).toBe(true);
  const job = spans.find(({ name }) => name === 'job report')!;
  expect(job.parentSpanId ?? '').toBe('');
  expect(spans.filter(({ traceId, parentSpanId }) => traceId === job.traceId && parentSpanId === job.spanId).map(({ name }) => name)).toEqual(['db select']);
});

test('where people come by https, they are told to come by nothing else', async () => {
  const overTls = await serveApi({ chain: noChain, db, users: { siteUrl: () => 'https://market.example' } });
  const headerOf = async (url: string) => (await fetch(`${url}/healthz`)).headers.get('strict-transport-security');
  expect([await headerOf(overTls.api.url), await headerOf(served.api.url)]).toEqual(['max-age=31536000', null]);
  await overTls.close();
});
