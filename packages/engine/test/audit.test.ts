import { array, assert as check, asyncProperty, integer, nat } from 'fast-check';
import { expect, test } from 'vitest';
import { planSpans } from '../src/audit/planSpans.ts';
import { type AuditReport, type Auditor, type RunClaim, type Side, type TrainResult, type TrainSpecInput, auditRun, bisect, checkpointProof, checkpointRoot, drawSegments, firstDifference, openAuditor, sha256Hex, train } from '../src/index.ts';
import { createWorkTrace } from '../src/run/workTrace.ts';
import { startNodeMember } from '../src/team/startNodeMember.ts';
import { penguinsCsv, penguinsSpec, weatherCsv, weatherSpec } from './datasets.ts';

const csv = penguinsCsv();
const limits = { maxSteps: 100_000, maxBytes: 2 ** 28 };
const boosting: TrainSpecInput = { ...penguinsSpec, algorithm: 'gradient-boosting', parameters: { max_iter: 4, min_samples_leaf: 5, early_stopping: 'on' }, limits };
/** Nobody asks for the scores between its trees. */
const unstopped: TrainSpecInput = { ...boosting, parameters: { max_iter: 4, min_samples_leaf: 5, early_stopping: 'off' } };
const clusters: TrainSpecInput = { ...penguinsSpec, algorithm: 'k-means', task: 'clustering', target: null, parameters: { n_clusters: 6, n_init: 3 }, limits };
const network: TrainSpecInput = { ...penguinsSpec, algorithm: 'multilayer-perceptron', parameters: { hidden_layer_sizes: [4], max_iter: 9, batch_size: 40, dropout: 0.2 }, limits };
const forest: TrainSpecInput = { ...penguinsSpec, algorithm: 'random-forest', parameters: { n_estimators: 2 }, limits };
const neighbours: TrainSpecInput = { ...weatherSpec, algorithm: 'k-nearest-neighbours', parameters: {}, limits };
const regression: TrainSpecInput = {
  ...weatherSpec, algorithm: 'gradient-boosting', task: 'regression', target: 'temp_max', limits, parameters: { max_iter: 3 },
  features: ['precipitation', 'temp_min', 'wind'].map((name) => ({ name, kind: 'numeric' as const })),
};
const seed = sha256Hex(Uint8Array.of(1));

const claimOf = (run: TrainResult, states = run.checkpoints.map(({ state }) => state)): RunClaim => ({
  checkpointDigests: run.checkpoints.map(({ digest }) => digest), checkpointRoot: run.checkpointRoot,
  modelDigest: run.modelDigest, metrics: run.metrics, stopped: run.stopped, stateAt: (step) => states[step],
});

/** The claim with other states: digests and root are those of the states. */
const forge = (claim: RunClaim, states: (Uint8Array | undefined)[]): RunClaim => {
  const checkpointDigests = states.map((state, step) => (state === undefined ? claim.checkpointDigests[step] : sha256Hex(state)) ?? '0x');
  return { ...claim, checkpointDigests, checkpointRoot: checkpointRoot(checkpointDigests), stateAt: (step) => states[step] };
};
const audit = async (auditor: Auditor, claim: RunClaim): Promise<AuditReport['finding']> => (await auditRun({ auditor, claim, seed })).finding;

test.each([['logistic regression', csv, penguinsSpec], ['boosting', csv, boosting], ['boosting to the end', csv, unstopped], ['boosted regression', weatherCsv(), regression], ['k-means', csv, clusters], ['perceptron', csv, network], ['neighbours', weatherCsv(), neighbours], ['forest', csv, forest]] as const)('%s: segments are the same from every state, in any order', async (_, table, spec) => {
  const run = await train({ csv: table, spec });
  const claim = claimOf(run);
  const auditor = await openAuditor({ csv: table, spec });
  const middle = Math.floor(run.steps / 2);
  for (const from of [...Array.from({ length: run.steps }, (__, step) => (step * 7 + middle) % run.steps), 0, middle, run.steps - 1]) {
    expect(await auditor.check({ from, steps: 2, digests: claim.checkpointDigests, stateAt: claim.stateAt, ends: true })).toBeUndefined();
  }
  expect(await auditor.conclude()).toEqual({ modelDigest: run.modelDigest, metrics: run.metrics, converged: run.converged });
  expect(await audit(auditor, claim)).toBeUndefined();
  auditor.close();
});

test('two threads audit what one thread has made', async () => {
  for (const spec of [penguinsSpec, boosting, clusters, network, forest]) {
    const auditor = await openAuditor({ csv, spec, threads: 2, startMember: startNodeMember });
    expect(await audit(auditor, claimOf(await train({ csv, spec })))).toBeUndefined();
    auditor.close();
  }
});

test.each([['logistic regression', penguinsSpec], ['boosting', boosting], ['k-means', clusters], ['perceptron', network], ['forest', forest]] as const)('%s: every forged part is named, and honest runs pass afterwards', async (_, spec) => {
  const run = await train({ csv, spec });
  const other = await train({ csv, spec: { ...spec, split: { ...spec.split, seed: 8 } } });
  const honest = claimOf(run);
  const auditor = await openAuditor({ csv, spec });
  const states = run.checkpoints.map(({ state }) => state ?? new Uint8Array());
  const at = Math.floor(run.steps / 2);
  const flipped = states.map((state, step) => (step === at ? state.map((byte, index) => (index === state.length - 1 ? byte ^ 1 : byte)) : state));
  const cases: [RunClaim, AuditReport['finding']][] = [
    [forge(honest, flipped), { kind: 'checkpoint', index: at }],
    [forge(honest, states.map((state, step) => (step === at ? (states[at - 1] ?? state) : state))), { kind: 'checkpoint', index: at }],
    [claimOf(other), { kind: 'checkpoint', index: 0 }],
    [{ ...honest, checkpointRoot: seed }, { kind: 'root' }],
    [{ ...honest, modelDigest: other.modelDigest }, { kind: 'model' }],
    [{ ...honest, metrics: { ...honest.metrics, testRows: 1 } }, { kind: 'metrics' }],
    [forge(honest, states.slice(0, -1)), { kind: 'checkpoint', index: run.steps }],
    [forge(honest, [...states, states.at(-1)]), { kind: 'checkpoint', index: run.steps + 1 }],
  ];
  for (const [claim, finding] of cases) {
    expect(await audit(auditor, claim)).toEqual(finding);
    expect(await audit(auditor, honest)).toBeUndefined();
  }
  auditor.close();
});

test.each([['logistic regression', csv, penguinsSpec], ['boosting', csv, boosting], ['boosting to the end', csv, unstopped], ['boosted regression', weatherCsv(), regression], ['k-means', csv, clusters], ['perceptron', csv, network], ['neighbours', weatherCsv(), neighbours], ['forest', csv, forest]] as const)('%s: the work of a step is the same from every state and in any number of threads, and no state tells it', async (_, table, spec) => {
  const run = await train({ csv: table, spec, traced: true });
  const work = run.work ?? [];
  expect(work).toHaveLength(run.steps + 1);
  expect((await train({ csv: table, spec, traced: true, threads: 3, startMember: startNodeMember })).work).toEqual(work);
  const claim = claimOf(run);
  const auditor = await openAuditor({ csv: table, spec });
  for (let from = run.steps - 1; from >= 0; from -= 1) {
    expect(await auditor.check({ from, steps: 1, digests: claim.checkpointDigests, stateAt: claim.stateAt, ends: true })).toBeUndefined();
    expect(auditor.workOf(from + 1)).toBe(work[from + 1]);
  }
  expect((await auditRun({ auditor, claim, seed })).work).toEqual(work);
  auditor.close();
  const fromStates = run.checkpoints.map(({ state }) => createWorkTrace().take(state ?? new Uint8Array()));
  // A split whose sides are too small to be split again is searched for nothing.
  const share = fromStates.filter((digest, step) => step > 0 && digest !== work[step]).length / run.steps;
  expect(share).toBeGreaterThan(0.5);
}, 30_000);

test('a state of a chain that names a fit which the run does not have is wrong wherever a segment begins', async () => {
  const run = await train({ csv, spec: boosting });
  const at = Math.floor(run.steps / 2);
  const states = run.checkpoints.map(({ state }) => state ?? new Uint8Array());
  const own = states[at] ?? new Uint8Array();
  // The same, with one rating before what it keeps.
  const forged = new Uint8Array([...own.subarray(0, 80), 1, 0, 0, 0, ...new Uint8Array(8), ...own.subarray(84)]);
  const { checkpointDigests: digests, stateAt } = forge(claimOf(run), states.map((state, step) => (step === at ? forged : state)));
  const auditor = await openAuditor({ csv, spec: boosting });
  expect(await auditor.check({ from: at - 1, steps: 1, digests, stateAt, ends: true })).toBe(at);
  expect(await auditor.check({ from: run.steps - 1, steps: 1, digests, stateAt, ends: true })).toBe(at);
  auditor.close();
});

test('a run that was cancelled may end anywhere, and one that was not may not', async () => {
  const run = await train({ csv, spec: boosting, lastStep: 20 });
  const auditor = await openAuditor({ csv, spec: boosting });
  expect(run.stopped).toBe(true);
  expect(await audit(auditor, claimOf(run))).toBeUndefined();
  expect(await audit(auditor, { ...claimOf(run), stopped: false })).toEqual({ kind: 'checkpoint', index: 21 });
  auditor.close();
});

test('where states were dropped, a segment starts at the last one that was kept', async () => {
  const run = await train({ csv, spec: penguinsSpec });
  const auditor = await openAuditor({ csv, spec: penguinsSpec });
  const states = run.checkpoints.map(({ state, step }) => (step % 3 === 0 ? state : undefined));
  const claim = claimOf(run, states);
  expect(await audit(auditor, claim)).toBeUndefined();
  for (let from = 0; from < run.steps; from += 3) expect(await auditor.check({ from, steps: 3, digests: claim.checkpointDigests, stateAt: claim.stateAt, ends: true })).toBeUndefined();
  expect(await auditor.check({ from: 1, steps: 1, digests: claim.checkpointDigests, stateAt: claim.stateAt, ends: true })).toBe(1);
  expect(planSpans([0, 4, 5, 7, 11], (step) => step % 3 === 0)).toEqual([{ from: 0, to: 1 }, { from: 3, to: 8 }, { from: 9, to: 12 }]);
  expect(planSpans([2, 3], () => false)).toEqual([{ from: 0, to: 4 }]);
  auditor.close();
});

test('segments are drawn evenly, and always the first and the last', () => {
  const counts = new Float64Array(999);
  for (let index = 0; index < 500; index += 1) {
    const { whole, segments } = drawSegments({ seed: sha256Hex(Uint8Array.of(index & 255, index >> 8)), checkpoints: 1_000, count: 44 });
    expect(whole).toBe(false);
    expect([segments[0], segments.at(-1)]).toEqual([0, 998]);
    expect(segments).toEqual([...new Set(segments)].sort((a, b) => a - b));
    for (const segment of segments) counts[segment] = (counts[segment] ?? 0) + 1;
  }
  const inner = counts.subarray(1, 998);
  const mean = inner.reduce((sum, count) => sum + count, 0) / inner.length;
  // 500 audits draw each segment 1 - (1 - 1/999)^44 of the time: 21.5, give or take 4.5; the chi-squared of 996 is 996 +- 45.
  expect(mean).toBeGreaterThan(21);
  expect(mean).toBeLessThan(22);
  expect(inner.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0)).toBeLessThan(996 + 5 * 45);
  expect(drawSegments({ seed, checkpoints: 999, count: 44 })).toMatchObject({ whole: true, segments: { length: 998 } });
  // By Python: int.from_bytes(sha256(sha256(b'\x01').digest() + j.to_bytes(4, 'little')).digest()[:8], 'big') * 999_999 >> 64
  expect(drawSegments({ seed, checkpoints: 1_000_000, count: 3 })).toEqual({ whole: false, segments: [0, 388_289, 914_469, 954_343, 999_998] });
  expect(() => drawSegments({ seed: '0x12', checkpoints: 5 })).toThrow(/seed 0x12/);
});

const sideOf = (values: readonly number[]): Side => {
  const digests = values.map((value) => sha256Hex(Uint8Array.of(value)));
  return { root: checkpointRoot(digests), count: digests.length, open: (index) => ({ digest: digests[index] ?? '0x', proof: checkpointProof(digests, index) }) };
};

test('bisection names the first difference by few openings', async () => {
  await check(asyncProperty(array(nat(255), { minLength: 1, maxLength: 70 }), nat(70), integer({ min: 1, max: 70 }), async (values, at, length) => {
    // As states do, those after a difference differ too.
    const others = values.slice(0, length).map((value, index) => (index < at ? value : value ^ 1));
    const found = await bisect(sideOf(values), sideOf(others));
    const expected = firstDifference(values.map((value) => sha256Hex(Uint8Array.of(value))), others.map((value) => sha256Hex(Uint8Array.of(value))));
    expect(found).toMatchObject(expected === undefined ? { kind: 'same' } : { kind: 'step', index: expected });
    expect(found.openings).toBeLessThanOrEqual(Math.log2(values.length) + 2);
  }), { numRuns: 200, seed: 20_260_301 });
});

test('who opens what is not under the root has lost', async () => {
  const honest = sideOf([1, 2, 3, 4, 5]);
  const liar: Side = { ...sideOf([1, 2, 9, 9, 9]), open: (index) => honest.open(index) };
  expect(await bisect(honest, liar)).toMatchObject({ kind: 'fault', side: 'b' });
  expect(await bisect(liar, honest)).toMatchObject({ kind: 'fault', side: 'a' });
});

const searched: TrainSpecInput = { ...penguinsSpec, limits, search: { method: 'grid', parameters: { C: [1e-3, 1] }, folds: 2 }, validation: { folds: 2 } };
const validated: TrainSpecInput = { ...boosting, parameters: { max_iter: 2, max_leaf_nodes: 4 }, validation: { folds: 2 } };

test.each([['logistic regression', searched], ['boosting', validated]])('%s with several fits: segments across their ends, the whole, and forgeries', async (_, spec) => {
  const run = await train({ csv, spec });
  const claim = claimOf(run);
  const auditor = await openAuditor({ csv, spec });
  expect(auditor.inParts).toBe(false);
  for (const from of Array.from({ length: run.steps }, (__, step) => step).filter((step) => step % 3 === 0 || step === run.steps - 1)) {
    expect(await auditor.check({ from, steps: 4, digests: claim.checkpointDigests, stateAt: claim.stateAt, ends: true })).toBeUndefined();
  }
  await expect(auditor.conclude()).rejects.toMatchObject({ code: 'BAD_CHECKPOINT', message: expect.stringContaining('go through it from step 0') });
  const report = await auditRun({ auditor, claim, seed, count: 1 });
  expect(report).toMatchObject({ finding: undefined, whole: true, reexecuted: run.steps });
  const { validation, ...rest } = run.metrics;
  expect(await audit(auditor, { ...claim, metrics: rest })).toEqual({ kind: 'metrics' });
  expect(validation?.folds).toBe(2);
  // A first fit that is told to have gone better than it did.
  const states = run.checkpoints.map(({ state }) => state ?? new Uint8Array());
  const later = states.findIndex((state) => new DataView(state.buffer).getUint32(80, true) === 1);
  const forged = states.map((state, step) => {
    if (step !== later) return state;
    const copy = state.slice();
    new DataView(copy.buffer).setFloat64(84, 1, true);
    return copy;
  });
  expect(await audit(auditor, forge(claim, forged))).toEqual({ kind: 'checkpoint', index: later });
  const stopped = await train({ csv, spec, lastStep: later });
  expect(await audit(auditor, claimOf(stopped))).toBeUndefined();
  auditor.close();
});
