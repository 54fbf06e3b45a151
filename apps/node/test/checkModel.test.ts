import { type TrainSpecInput, predict, train } from '@neurodata/engine';
import { type OnnxModel, decodeOnnx, encodeOnnx, exportOnnx } from '@neurodata/engine/export';
import { beforeAll, describe, expect, test } from 'vitest';
import { spawnSync } from 'node:child_process';
import { loopModel, matrixModel } from './onnxModels.ts';
import { checkModel } from '../src/modelCheck/checkModel.ts';
import type { Manifest } from '@neurodata/protocol';
import { createLane } from '../src/duty/createLane.ts';
import { checkOnnx } from '../src/validator/checkOnnx.ts';
import { sandboxCommand } from '../src/modelCheck/sandboxCommand.ts';

const rows = Array.from({ length: 600 }, (_, index) => {
  const [a, b] = [index % 17, (index * 7) % 23];
  return `${a},${b === 3 ? '' : b},c${index % 3},${a + b > 18 ? 'yes' : 'no'},${a * 2 - b}`;
});
const csvOf = (lines: string[]): Uint8Array => new TextEncoder().encode(`a,b,kind,label,number\n${lines.join('\n')}\n`);
const table = csvOf(rows.slice(400));
const features = [{ name: 'a', kind: 'numeric' as const }, { name: 'b', kind: 'numeric' as const }, { name: 'kind', kind: 'categorical' as const }];
const base: TrainSpecInput = { algorithm: 'gradient-boosting', target: 'label', features, parameters: { max_iter: 20 }, split: { rule: 'hash-rank', seed: 1, testFraction: 0.2 }, limits: { maxSteps: 10_000, maxBytes: 1 << 27 } };
const modelOf = async (spec: Partial<TrainSpecInput> = {}): Promise<Uint8Array> => (await train({ csv: csvOf(rows.slice(0, 400)), spec: { ...base, ...spec } })).model;

let model: Uint8Array;
let onnx: Uint8Array;
beforeAll(async () => {
  model = await modelOf();
  onnx = exportOnnx(model);
});

/** The model with something changed. */
function changed(change: (graph: NonNullable<OnnxModel['graph']>, model: OnnxModel) => void): Uint8Array {
  const decoded = decodeOnnx(onnx);
  if (decoded.graph) change(decoded.graph, decoded);
  return encodeOnnx(decoded);
}

describe('a model that runs', () => {
  test('is measured, and its claims stand beside what was measured', async () => {
    const report = await checkModel({ onnx, table, target: 'label', claims: { accuracy: 0.9, rocAuc: 1.5, logLoss: 0.5, beauty: 1 } });
    const { labels } = await predict({ model, csv: table });
    const accuracy = labels.filter((label, row) => rows[400 + row]?.split(',')[3] === label).length / 200;
    expect(report).toMatchObject({ ran: true, task: 'classification', rows: 200, scores: { accuracy, rocAuc: expect.any(Number), logLoss: expect.any(Number) } });
    expect(report.claims.map(({ name, holds }) => [name, holds])).toEqual([['accuracy', accuracy >= 0.895], ['rocAuc', false], ['logLoss', true], ['beauty', false]]);
    expect(report.signature).toMatchObject({
      inputs: [{ name: 'a', type: 'double', shape: ['rows', 1] }, { name: 'b', type: 'double' }, { name: 'kind', type: 'string' }],
      outputs: [{ name: 'label', type: 'string', shape: ['rows'] }, { name: 'probabilities', type: 'double', shape: ['rows', 2] }],
      operators: expect.arrayContaining(['ai.onnx.ml.TreeEnsemble']),
    });
  });

  test('of numbers has errors instead', async () => {
    const report = await checkModel({ onnx: exportOnnx(await modelOf({ target: 'number', task: 'regression' })), table, target: 'number', claims: { r2: 0.8 } });
    expect(report).toMatchObject({ ran: true, task: 'regression', rows: 200, scores: { r2: expect.any(Number), rmse: expect.any(Number), mae: expect.any(Number) }, claims: [{ name: 'r2', holds: true }] });
  });
});

describe('what is claimed', () => {
  const numbers = csvOf(Array.from({ length: 50 }, (_, index) => `${index},${index},c,yes,${index + (index % 2)}`));
  const measured = async (more: Partial<Parameters<typeof checkModel>[0]>) => checkModel({ onnx: loopModel(1), table: numbers, target: 'number', claims: { mae: 0.5 }, ...more });

  test('holds to half of its last digit, or within the tolerance that is declared', async () => {
    const holds = async (mae: number, tolerance?: number): Promise<unknown> => (await measured({ claims: { mae }, ...(tolerance === undefined ? {} : { tolerance }) })).claims[0]?.holds;
    // Every other row is wrong by one.
    expect(await Promise.all([holds(0.5), holds(0.45), holds(0.4), holds(0.45, 0), holds(0.45, 0.04), holds(0.45, 0.05), holds(0.5, 0), holds(0.6, 0)])).toEqual([true, false, false, false, false, true, true, true]);
  });

  test('is measured with the columns that are named for the inputs', async () => {
    expect(await measured({ inputs: { a: 'b' } })).toMatchObject({ ran: true, claims: [{ measured: 0.5, holds: true }] });
    expect((await measured({ inputs: { a: 'c' } })).refusal).toMatchObject({ code: 'BAD_SIGNATURE', reason: expect.stringContaining('The table has no column c') });
    expect((await measured({ inputs: { b: 'a' } })).refusal).toMatchObject({ code: 'BAD_SIGNATURE', reason: 'The model has no input b: its inputs are a.' });
    expect((await measured({ inputs: { a: 'number' } })).refusal).toMatchObject({ code: 'BAD_SIGNATURE', reason: expect.stringContaining('asks for the target') });
  });

  test('of a model that takes one matrix is measured with the named features, as many as it takes', async () => {
    expect(await measured({ onnx: matrixModel(2), features: ['a', 'b'] })).toMatchObject({ ran: true, rows: 50 });
    expect((await measured({ onnx: matrixModel(3), features: ['a', 'b'] })).refusal).toMatchObject({ code: 'BAD_SIGNATURE', reason: 'The input x takes 3 columns, the table gives 2: a, b.' });
    expect((await measured({ onnx: matrixModel(2), features: ['a', 'z'] })).refusal).toMatchObject({ code: 'BAD_TABLE', reason: expect.stringContaining('no column z') });
  });
});

describe('a model is refused', () => {
  const refusal = async (bytes: Uint8Array, more: Partial<Parameters<typeof checkModel>[0]> = {}): Promise<unknown> => (await checkModel({ onnx: bytes, table, target: 'label', claims: {}, ...more })).refusal;

  test('that is something else', async () => {
    expect(await refusal(Uint8Array.of(0x80, 4, 0x95, 1, 2, 3))).toMatchObject({ code: 'PICKLE' });
    expect(await refusal(Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0))).toMatchObject({ code: 'PICKLE', reason: expect.stringContaining('PyTorch') });
    expect(await refusal(new TextEncoder().encode('cos\nsystem\n(S"id"\ntR.'))).toMatchObject({ code: 'NOT_ONNX' });
    expect(await refusal(new Uint8Array())).toMatchObject({ code: 'NOT_ONNX' });
    expect(await refusal(model)).toMatchObject({ code: 'NOT_ONNX' });
  });

  test('for operators outside of the standard, nested ones too', async () => {
    const custom = { opType: 'Shell', domain: 'evil', input: ['a'], output: ['x'], attribute: [] };
    expect(await refusal(changed((graph) => graph.node.push(custom)))).toMatchObject({ code: 'CUSTOM_OPERATOR', reason: expect.stringContaining('Shell of evil') });
    const inner = { name: 'g', node: [custom], initializer: [], input: [], output: [] };
    expect(await refusal(changed((graph) => graph.node[0]?.attribute.push({ name: 'body', type: 5, g: inner })))).toMatchObject({ code: 'CUSTOM_OPERATOR' });
  });

  test('for data in other files', async () => {
    const outside = changed((graph) => graph.initializer.push({ name: 'w', dims: [1], dataType: 1, dataLocation: 1, externalData: [{ key: 'location', value: '/etc/passwd' }] }));
    expect(await refusal(outside)).toMatchObject({ code: 'EXTERNAL_DATA', reason: expect.stringContaining('the tensor w') });
  });

  test('that does not load, does not fit the table, or asks for the target', async () => {
    expect(await refusal(changed((graph) => { graph.node[0]!.opType = 'NoSuchOperator'; }))).toMatchObject({ code: 'FAILED', reason: expect.stringContaining('NoSuchOperator') });
    expect(await refusal(onnx, { table: csvOf([]).slice(0, 0) })).toMatchObject({ code: 'BAD_TABLE' });
    expect(await refusal(onnx, { target: 'nothing' })).toMatchObject({ code: 'BAD_TABLE' });
    expect(await refusal(onnx, { target: 'a' })).toMatchObject({ code: 'BAD_SIGNATURE', reason: expect.stringContaining('target') });
  });

  test('that takes more memory or time than it may', async () => {
    // A tensor of 2^31 doubles, made from a few bytes.
    const shape = new Uint8Array(8);
    new DataView(shape.buffer).setBigInt64(0, 2n ** 28n, true);
    const greedy = changed((graph) => {
      graph.initializer.push({ name: 'much', dims: [1], dataType: 7, rawData: shape });
      graph.node.push({ opType: 'ConstantOfShape', input: ['much'], output: ['zeros'], attribute: [] }, { opType: 'ReduceSum', input: ['zeros'], output: ['sum'], attribute: [] });
      graph.output.push({ name: 'sum', type: { tensorType: { elemType: 1 } } });
    });
    expect(await refusal(greedy, { memoryMb: 256 })).toMatchObject({ code: 'FAILED', reason: expect.stringMatching(/alloc|memory/i) });
    // A billion turns of a standard loop: it runs, and does not end.
    expect(await refusal(loopModel(1e9), { timeoutMs: 4_000 })).toMatchObject({ code: 'TIMEOUT', reason: 'The test did not end within 4000 ms.' });
  });

  test('that is larger than what is tested', async () => {
    expect(await refusal(new Uint8Array(256 * 2 ** 20 + 1))).toMatchObject({ code: 'TOO_LARGE', reason: expect.stringContaining('268435457 bytes') });
  });
});

test('who starts it may be gone: the kernel ends it', async () => {
  const [command, ...words] = sandboxCommand({ heapMb: 256, folders: [], cpuSeconds: 1 });
  const ran = spawnSync(command, [...words, '-e', 'for (;;);'], { env: {}, timeout: 20_000, killSignal: 'SIGTERM' });
  expect(ran.error).toBeUndefined();
  expect(['SIGXCPU', 'SIGKILL']).toContain(ran.signal);
});

test('where it runs there are no other files, no processes, no threads and no network', () => {
  const tries: Record<string, string> = {
    read: "(await import('node:fs')).readFileSync('/etc/hostname')",
    list: "(await import('node:fs')).readdirSync(process.cwd())",
    write: "(await import('node:fs')).writeFileSync('/tmp/neurodata-sandbox', 'x')",
    spawn: "(await import('node:child_process')).execSync('id')",
    thread: "new (await import('node:worker_threads')).Worker('1', { eval: true })",
    fetch: "await fetch('http://127.0.0.1:1/')",
    connect: "await new Promise((done, fail) => globalThis.connectFor(1, done, fail))",
  };
  const [command, ...words] = sandboxCommand({ heapMb: 256, folders: [], cpuSeconds: 60 });
  const cut = JSON.stringify(new URL('../src/modelCheck/cutNetwork.ts', import.meta.url).href);
  const code = `const net = (await import('node:net')).default; globalThis.connectFor = (port, done, fail) => net.connect(port, '127.0.0.1', done).on('error', fail);
    (await import(${cut})).cutNetwork(); const found = {};
    ${Object.entries(tries).map(([name, text]) => `try { ${text}; found.${name} = 'done'; } catch (error) { found.${name} = error.code ?? error.message; }`).join('\n')}
    console.log(JSON.stringify(found));`;
  const ran = spawnSync(command, [...words, '--input-type=module', '-e', code], { env: {}, encoding: 'utf8' });
  expect(JSON.parse(ran.stdout)).toEqual({
    read: 'ERR_ACCESS_DENIED', list: 'ERR_ACCESS_DENIED', write: 'ERR_ACCESS_DENIED', spawn: 'ERR_ACCESS_DENIED', thread: 'ERR_ACCESS_DENIED',
    fetch: 'fetch is not a function', connect: 'There is no network here.',
  });
});

test('a validator refuses what is sold as ONNX and is not fit to be', async () => {
  const store = { save: async () => undefined, find: async () => undefined };
  const context = { setup: { models: { lane: createLane(), store } }, timeoutMs: 240_000, committee: [1], signal: new AbortController().signal };
  const check = (plaintext: Uint8Array, mediaType = 'application/onnx'): Promise<void> => checkOnnx({ context, plaintext, manifest: { 'nd:sealed': { mediaType } } as Manifest });
  await check(onnx);
  await expect(check(Uint8Array.of(0x80, 4, 0x95))).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining('pickle') });
  await expect(check(changed((graph) => graph.node.push({ opType: 'Shell', domain: 'evil', input: ['a'], output: ['x'], attribute: [] })))).rejects.toMatchObject({ name: 'Refusal' });
  await check(Uint8Array.of(0x80, 4, 0x95), 'text/csv');
});
