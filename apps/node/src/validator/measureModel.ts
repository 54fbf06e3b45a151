import { type Evaluation, type Manifest, type ModelCheckBody, type ModelReport, ONNX_MEDIA_TYPE, sha256Hex } from '@neurodata/protocol';
import { readEvaluationTable, signModelCheck, toNeuroError } from '@neurodata/sdk';
import type { VersionFacts } from '@neurodata/sdk';
import { storableJson } from '../common/storable.ts';
import { checkModel } from '../modelCheck/checkModel.ts';
import { expectFit, testMs } from './checkOnnx.ts';
import type { CheckContext } from './readContent.ts';

type Parameters = { context: CheckContext; facts: VersionFacts; manifest: Manifest; plaintext: Uint8Array };

/**
 * Tests an ONNX model that is put on sale, on the table that its publisher declares, and keeps what was measured, signed,
 * before there is a verdict: a validator that is killed meanwhile does it again. The verdict depends on the bytes alone;
 * a claim that does not hold is shown, not judged.
 *
 * @throws Refusal where the bytes are no model that may be sold
 */
export async function measureModel({ context, facts, manifest, plaintext }: Parameters): Promise<void> {
  if (manifest['nd:sealed'].mediaType !== ONNX_MEDIA_TYPE) return;
  const { setup, signal } = context;
  const { client, validatorId, models: { store, lane }, log } = setup;
  const { manifestDigest } = facts;
  const known = await store.find({ manifestDigest, validatorId });
  if (known) return expectFit(known.body.report);
  const evaluation = manifest['nd:evaluation'];
  const table = evaluation && (await tableOf(context, evaluation));
  const report = await lane(() => measure({ context, plaintext, evaluation, table }), signal);
  const found: ModelCheckBody = {
    version: 1, manifestDigest, measuredAt: Math.floor(Date.now() / 1000), report,
    ...(evaluation ? { evaluation } : {}), ...(table instanceof Uint8Array ? { tableSha256: sha256Hex(table) } : {}),
  };
  // What is signed is what the database can hold: names in the file are a stranger's.
  const body = storableJson(found) as ModelCheckBody;
  await store.save(await signModelCheck({ client, validatorId, body }));
  log.info({ manifestDigest, ran: report.ran, refusal: report.refusal?.code, claims: report.claims }, 'tested a model');
  expectFit(report);
}

/** The table's bytes, or why there are none. */
async function tableOf(context: CheckContext, { table }: Evaluation): Promise<Uint8Array | string> {
  const { setup: { client }, signal } = context;
  try {
    return await readEvaluationTable({ client, table, timeoutMs: testMs(context), signal });
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = toNeuroError(error);
    // Where this validator looked is nobody's business, and would make its report another one than its colleagues'.
    if (table.kind === 'file' && code !== 'CONTENT_MISMATCH') return `The evaluation table ${table.fileName} (${table.cid}) could not be read: none of its blocks was found.`;
    return `The evaluation table ${table.kind === 'file' ? table.fileName : `(asset ${table.assetId} version ${table.version})`} could not be read: ${message}`;
  }
}

async function measure(parameters: { context: CheckContext; plaintext: Uint8Array; evaluation: Evaluation | undefined; table: Uint8Array | string | undefined }): Promise<ModelReport> {
  const { context, plaintext, evaluation, table } = parameters;
  const limits = { timeoutMs: testMs(context), signal: context.signal };
  if (evaluation && table instanceof Uint8Array) return checkModel({ ...evaluation, ...limits, onnx: plaintext, table });
  const report = await checkModel({ ...limits, onnx: plaintext, target: null, claims: {} });
  if (typeof table !== 'string' || report.refusal) return report;
  return { ...report, ran: false, refusal: { code: 'NO_TABLE', reason: table.slice(0, 1000) } };
}
