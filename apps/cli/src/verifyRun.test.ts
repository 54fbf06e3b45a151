import { engineId, train } from '@neurodata/engine';
import { type JobSpec, type Receipt, sha256Hex } from '@neurodata/protocol';
import { expect, test } from 'vitest';
import { reexecute } from './verifyRun.ts';

const rows = Array.from({ length: 60 }, (_, index) => `${index % 7},${(index * 3) % 11},${(index % 7) + ((index * 3) % 11) > 8 ? 'yes' : 'no'}`);
const csv = new TextEncoder().encode(`a,b,label\n${rows.join('\n')}\n`);
const hex = (fill: string): `0x${string}` => `0x${fill.repeat(32)}`;
const spec: JobSpec = {
  version: 1, input: { assetId: 1, version: 1, contentRoot: hex('11') }, engineId,
  train: {
    algorithm: 'logistic-regression', task: 'classification', weight: null, preprocess: { impute: 'mean', scale: 'standard', encode: 'one-hot' }, target: 'label', features: [{ name: 'a', kind: 'numeric' }, { name: 'b', kind: 'numeric' }],
    split: { rule: 'hash-rank', seed: 7, testFraction: 0.25 }, parameters: { C: 1, max_iter: 50, tol: 1e-6 }, limits: { maxSteps: 50, maxBytes: 10_000_000 },
  },
};

async function honest(part: { lastStep?: number } = {}): Promise<Receipt> {
  const run = await train({ csv, spec: spec.train, ...part });
  const log = run.checkpoints.map(({ step, loss }) => `step ${step} loss ${loss}\n`).join('');
  return {
    worker: '0x00000000000000000000000000000000000000aa', signature: '0x00',
    body: {
      version: 1, jobId: hex('02'), specDigest: hex('12'), input: spec.input, engineId, steps: run.steps, converged: run.converged, checkpointRoot: run.checkpointRoot,
      checkpointDigests: run.checkpoints.map(({ digest }) => digest), modelDigest: run.modelDigest, metrics: run.metrics, lossCurve: run.lossCurve, logDigest: sha256Hex(new TextEncoder().encode(log)),
      sealed: { modelCid: 'bafkreihdwdcefgh4', checkpointsCid: 'bafkreihdwdcefgh4' },
    },
  };
}

const statuses = async (data: Uint8Array, receipt: Receipt): Promise<string[]> => (await reexecute({ csv: data, spec, receipt })).map(({ name, status }) => `${name}: ${status}`);

test('an honest run is repeated to the bit', async () => {
  expect(await statuses(csv, await honest())).toEqual(['Re-executed checkpoints: passed', 'Re-executed model: passed', 'Re-executed log: passed', 'Re-executed metrics: passed', 'Re-executed loss curve: passed']);
});

test('a run that was cancelled is repeated as far as it went', async () => {
  const part = { lastStep: 2 };
  const checks = await reexecute({ csv, spec, receipt: await honest(part), part });
  expect(checks.filter(({ status }) => status !== 'passed')).toEqual([]);
});

test('the first differing checkpoint is named', async () => {
  const receipt = await honest();
  receipt.body.checkpointDigests[2] = hex('ee');
  const [check] = await reexecute({ csv, spec, receipt });
  expect(check).toMatchObject({ status: 'failed', detail: expect.stringContaining('the first difference is checkpoint 2') as unknown });
});

test('a forged model, metric or length fails by its name', async () => {
  const receipt = await honest();
  const { body } = receipt;
  expect(await statuses(csv, { ...receipt, body: { ...body, modelDigest: hex('ee') } })).toContain('Re-executed model: failed');
  expect(await statuses(csv, { ...receipt, body: { ...body, metrics: { ...body.metrics, scores: { ...body.metrics.scores, accuracy: 0.5 } } } })).toContain('Re-executed metrics: failed');
  expect(await statuses(csv, { ...receipt, body: { ...body, checkpointDigests: body.checkpointDigests.slice(0, -1) } })).toContain('Re-executed checkpoints: failed');
});

test('other data differ from the first checkpoint on', async () => {
  const other = new TextEncoder().encode(new TextDecoder().decode(csv).replace('\n0,0,', '\n1,0,'));
  const [check] = await reexecute({ csv: other, spec, receipt: await honest() });
  expect(check?.detail).toContain('checkpoint 0');
});

test('another engine is not taken for a difference', async () => {
  expect(await reexecute({ csv, spec: { ...spec, engineId: hex('99') }, receipt: await honest() })).toMatchObject([{ name: 'Re-execution', status: 'not-checked' }]);
});
