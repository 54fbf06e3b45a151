import path from 'node:path';
import { type Evaluation, type EvaluationTable, type ModelReport, NeuroError, ONNX_MEDIA_TYPE, evaluationSchema } from '@neurodata/protocol';
import { type NeuroClient, type PublishResult, type Signer as Account, describeEvaluationTable, listingBond, publishAsset, publishVersion, readEvaluationTable, readModelCheck, versionFee, waitForVersion } from '@neurodata/sdk';
import { z } from 'zod';
import { checkModel } from './commands/modelCheck.ts';
import type { Context, Result } from './context.ts';
import { makeOffers } from './offers.ts';
import { clean, facts, ncr } from './output.ts';
import { createProgress, megabytes } from './progress.ts';
import { confirm } from './prompt.ts';
import { type PublishOptions, descriptionOf } from './publishFile.ts';
import { readBytes } from './readBytes.ts';
import { brokenClaims, reportText } from './reportText.ts';
import { checkText } from './showModelCheck.ts';
import type { LimitOptions } from './termsOptions.ts';

export type PublishOnnxOptions = LimitOptions & Pick<PublishOptions, 'title' | 'license' | 'source' | 'tags' | 'price' | 'asset'> & {
  description?: string;
  /** A CSV file, or asset@version. */
  evaluateOn?: string;
  target?: string;
  features?: string[];
  input?: Record<string, string>;
  claim?: Record<string, number>;
  tolerance?: number;
  timeout: number;
  despiteCheck?: boolean;
  validatorsRead?: boolean;
};
type Signer = NeuroClient & { account: Account };
type Declared = { evaluation: Evaluation; rows: Uint8Array };

/** Tests an ONNX file against what is claimed of it, publishes it with the claims, and shows what validators measured. */
export async function publishOnnx(context: Context, file: string, options: PublishOnnxOptions): Promise<Result> {
  const onnx = await readBytes(file);
  refuseHalf(options);
  const client = await context.signer();
  const declared = options.evaluateOn === undefined ? undefined : await declare(client, { ...options, evaluateOn: options.evaluateOn });
  const report = await testBefore({ context, onnx, declared, options });
  const { validatorsRead: validatorsMayRead = false, license, price } = options;
  context.say(await planOf({ client, file, onnx, options, declared }));
  await confirm('Publish?', context.yes);
  if (declared?.evaluation.table.kind === 'file') await client.storage.addFile({ content: once(declared.rows) });
  const published = await sealOnnx({ client, file, onnx, options, report, evaluation: declared?.evaluation });
  const { assetId, version, hash, gasUsed, cid } = published;
  context.say(`Published: asset ${assetId} version ${version}. Validators load it${declared ? ' and measure it' : ''}…`);
  const status = await waitForVersion({ client, assetId, version });
  const listings = await makeOffers({ client, assetId, version, license, validatorsMayRead, price, say: context.say });
  const check = await readModelCheck({ client, assetId, version });
  return {
    value: { ...published, status, listings, check },
    text: `${facts([['Asset', assetId], ['Version', `${version}, ${status}`], ['Transaction', hash], ['Gas', gasUsed], ['Ciphertext', cid], ...listings.map((one): [string, string] => ['Listing', `${one.listingId}, ${one.kind}, ${ncr(one.price)}`])])}\n\n${checkText(check)}`,
  };
}

function refuseHalf({ evaluateOn, target, claim, features, input, validatorsRead }: PublishOnnxOptions): void {
  if (evaluateOn === undefined && (claim ?? target ?? features ?? input) !== undefined) throw new NeuroError('Claims are measured on a table, and none was named.', { code: 'BAD_INPUT', remedy: 'Add --evaluate-on with a CSV file, or with a free dataset like 3@1.' });
  if (evaluateOn !== undefined && target === undefined) throw new NeuroError(`Nobody said which column of ${evaluateOn} the model predicts.`, { code: 'BAD_INPUT', remedy: 'Add --target.' });
  if (evaluateOn !== undefined && !validatorsRead) throw new NeuroError('What nobody may read, nobody can measure.', { code: 'BAD_INPUT', remedy: 'Add --validators-read, or leave --evaluate-on out.' });
}

/** What the manifest will say, checked, and the table's bytes. */
async function declare(client: Signer, { evaluateOn, target = '', features, input, claim = {}, tolerance }: PublishOnnxOptions & { evaluateOn: string }): Promise<Declared> {
  const market = /^([1-9]\d{0,9})@([1-9]\d{0,9})$/.exec(evaluateOn);
  const asset: EvaluationTable | undefined = market ? { kind: 'asset', assetId: Number(market[1]), version: Number(market[2]) } : undefined;
  const rows = asset ? await readEvaluationTable({ client, table: asset }) : await readBytes(evaluateOn);
  const table = asset ?? (await describeEvaluationTable({ bytes: rows, fileName: path.basename(evaluateOn) }));
  const parsed = evaluationSchema.safeParse({ table, target, claims: claim, ...(features ? { features } : {}), ...(input ? { inputs: input } : {}), ...(tolerance === undefined ? {} : { tolerance }) });
  if (!parsed.success) throw new NeuroError('What is claimed cannot be declared.', { code: 'BAD_INPUT', remedy: 'Correct what is named below.', details: z.prettifyError(parsed.error) });
  return { evaluation: parsed.data, rows };
}

/** The test that validators will do. Throws where the file is no model to sell, or a claim does not hold and nobody said to go on. */
async function testBefore({ context, onnx, declared, options }: { context: Context; onnx: Uint8Array; declared: Declared | undefined; options: PublishOnnxOptions }): Promise<ModelReport> {
  const timeoutMs = options.timeout * 1000;
  const report = declared ? await checkModel({ ...declared.evaluation, onnx, table: declared.rows, timeoutMs }) : await checkModel({ onnx, target: null, claims: {}, timeoutMs });
  const { refusal } = report;
  if (refusal) throw new NeuroError(`The model was not published: ${clean(refusal.reason)}`, { code: 'BAD_INPUT', details: refusal.code });
  context.say(reportText(report));
  const broken = brokenClaims(report);
  if (broken.length === 0 || options.despiteCheck) return report;
  throw new NeuroError(`The model was not published: ${broken.length} of ${report.claims.length} claims do not hold.`, { code: 'CONFLICT', details: broken.join('\n'), remedy: 'Claim what was measured, or add --despite-check: the page will show both figures.' });
}

async function planOf({ client, file, onnx, options, declared }: { client: Signer; file: string; onnx: Uint8Array; options: PublishOnnxOptions; declared: Declared | undefined }): Promise<string> {
  const { price, asset, validatorsRead } = options;
  const table = declared?.evaluation.table;
  return facts([
    ['File', `${path.basename(file)}, ${megabytes(onnx.length)}`], ['Owner', client.account.address],
    ['Becomes public', `title, description, licence; file name and size; the claims${table?.kind === 'file' ? `; all rows of ${table.fileName}, unsealed` : ''}`],
    ['For ever', 'the ciphertext is public and permanent: revoking stops new sales, it deletes nothing'],
    ['May read the file', validatorsRead ? 'buyers, and committees of its rounds, which test it' : 'buyers, and the committee of a content dispute; nobody tests it (--validators-read allows that)'],
    ['Offer', price === undefined ? 'none for now' : `download ${ncr(price)}`],
    ['Fee', `${ncr(await versionFee(client))}${asset === undefined ? `, and a bond of ${ncr(await listingBond(client))} that comes back with the review` : ''}`],
  ]);
}

async function sealOnnx({ client, file, onnx, options, report, evaluation }: { client: Signer; file: string; onnx: Uint8Array; options: PublishOnnxOptions; report: ModelReport; evaluation: Evaluation | undefined }): Promise<PublishResult> {
  const { signature } = report;
  const names = (ports: { name: string }[] = []): string => clean(ports.slice(0, 20).map(({ name }) => name).join(', '));
  const description = options.description ?? `An ONNX model: takes ${names(signature?.inputs)}; gives ${names(signature?.outputs)}.`;
  const progress = createProgress('bytes');
  const common = {
    client, content: () => once(onnx), size: onnx.length, fileName: path.basename(file), mediaType: ONNX_MEDIA_TYPE, description: descriptionOf({ ...options, description }), validatorsMayRead: options.validatorsRead ?? false,
    ...(evaluation ? { evaluation } : {}),
    onProgress: ({ stage, done }: { stage: string; done: number }) => { if (stage === 'storing') progress.update('Sealing and storing', done, Math.max(done, onnx.length)); },
  };
  try {
    return options.asset === undefined ? await publishAsset({ ...common, kind: 'model' }) : await publishVersion({ ...common, assetId: options.asset });
  } finally {
    progress.stop();
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
