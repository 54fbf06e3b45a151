import { pipeline } from 'node:stream/promises';
import { type Prediction, readModel } from '@neurodata/engine';
import { type Category, type Task, categories, tasks } from '@neurodata/protocol';
import { cardMarkdown, listingBond, openModel, publishModel, readModelCard, readReceipt, versionFee, waitForVersion } from '@neurodata/sdk';
import { Command, Option } from 'commander';
import { writeAtomic } from '../atomicFile.ts';
import { type Context, type Result, act } from '../context.ts';
import { exportFormats, exportModel } from '../exportModel.ts';
import { makeOffers } from '../offers.ts';
import { scorePairs } from '../metricsText.ts';
import { clean, facts, ncr } from '../output.ts';
import { names, positiveInteger, price, tolerance } from '../parse.ts';
import { predictRows, predictionCsv } from '../predictRows.ts';
import { createProgress } from '../progress.ts';
import { confirm } from '../prompt.ts';
import { findJob } from '../resolve.ts';
import { type PublishOnnxOptions, publishOnnx } from '../publishOnnx.ts';
import { type CheckFileOptions, checkModelFile, claimOption, inputOption } from './modelCheck.ts';
import { showModelCheck } from '../showModelCheck.ts';
import { type LimitOptions, addLimitOptions, limitsOf } from '../termsOptions.ts';
import { buyCommand, downloadCommand, infoCommand, listCommand } from './datasets.ts';

type PublishOptions = LimitOptions & { validatorsRead?: boolean; title: string; description?: string; license: string; source?: string; tags?: string[]; category?: Category; task?: Task; price?: bigint };

export function modelsCommand(): Command {
  const models = new Command('models');
  addLimitOptions(addTestOptions(models.command('publish <job-or-file>').description('publish the model of a settled run, with proved lineage; or an ONNX file, tested before and after against what you claim of it')))
    .requiredOption('--title <text>', 'what it is called')
    .option('--description <text>', 'what it does; by default what the receipt says, or what the file takes and gives')
    .requiredOption('--license <spdx>', 'SPDX id or a licence\'s URL')
    .option('--source <text>', 'where to read more')
    .option('--tags <list>', 'up to 20 words, separated by commas', names)
    .addOption(new Option('--category <word>', 'where people look for it; guessed from its words otherwise').choices(categories)).addOption(new Option('--task <word>', 'what it is mostly used for').choices(tasks))
    .option('--price <ncr>', 'offer downloads at this price', price)
    .option('--asset <n>', 'ONNX: publish as the next version of this asset', positiveInteger)
    .option('--evaluate-on <table>', 'ONNX: a CSV file, which everybody can read then, or a dataset that is offered for nothing, like 3@1')
    .option('--despite-check', 'ONNX: publish although a claim does not hold here; the page shows both figures')
    .option('--validators-read', 'validators may open it for the length of a round: they check that it is the run\'s model, or measure the ONNX file')
    .option('--no-validators-read', 'nobody but buyers may open it, so nobody checks or measures it; so it is unless chosen otherwise')
    .action(act((context, source: string, options: PublishOptions & PublishOnnxOptions) => (/^0x02/i.test(source.trim()) ? publish(context, source, options) : publishOnnx(context, source, options))));
  listCommand(models, 'model', 'models');
  infoCommand(models);
  buyCommand(models);
  downloadCommand(models);
  models.command('predict <model>').description('apply a model (file, order or own run) to the rows of a table')
    .requiredOption('--rows <file>', 'CSV, JSON, NDJSON, Parquet or Arrow with the feature columns')
    .option('-o, --out <file>', 'write the CSV here instead of to stdout')
    .action(act(predict));
  models.command('export <model>').description('write a model (file, order or own run) in a format that other programs read')
    .addOption(new Option('--format <name>', 'onnx runs elsewhere; safetensors holds the layers of a neural network; json is for reading').choices(exportFormats).makeOptionMandatory())
    .requiredOption('-o, --out <file>', 'write it here')
    .action(act(exportModel));
  addTestOptions(models.command('check <onnx-or-asset>').description('test an ONNX file in a sandbox, as validators do: what it is, what it scores on a table, and whether claims hold; of an asset, what validators measured'))
    .option('--data <file>', 'CSV with the columns and the target')
    .option('--asset-version <n>', 'of an asset: this version; by default the newest', positiveInteger)
    .action(act((context, source: string, options: CheckFileOptions & { assetVersion?: number }) => (/^[1-9]\d*$/.test(source) ? showModelCheck(context, source, options) : checkModelFile(context, source, options))));
  models.command('card <job>').description('the card of a run\'s model in Markdown: data, results, limits, lineage, how to verify and use it')
    .option('--title <text>', 'what the model is called')
    .option('-o, --out <file>', 'write it here instead of to stdout')
    .action(act(card));
  return models;
}

/** What both testing before a sale and testing by itself need to know of an ONNX file. */
function addTestOptions(command: Command): Command {
  return command
    .option('--target <column>', 'ONNX: what it predicts')
    .option('--features <list>', 'ONNX: columns of a model that takes one matrix; by default all but the target', names)
    .option('--input <name=column>', 'ONNX: the column for an input of another name; may be given again', inputOption)
    .option('--claim <score=value>', 'ONNX: what is claimed, like accuracy=0.9; may be given again', claimOption)
    .option('--tolerance <n>', 'ONNX: how much worse a measurement may be; by default half of the claim\'s last digit', tolerance)
    .option('--timeout <seconds>', 'ONNX: end the test here after so long', positiveInteger, 60);
}

async function card(context: Context, text: string, options: { title?: string; out?: string }): Promise<Result> {
  const { jobId } = await findJob(context, text);
  const value = await readModelCard({ client: await context.client(), jobId, ...(options.title === undefined ? {} : { title: options.title }) });
  const markdown = cardMarkdown(value);
  if (options.out === undefined) return { value, text: markdown.trimEnd() };
  await writeAtomic(options.out, markdown);
  return { value: { file: options.out, ...value }, text: `Wrote ${options.out}` };
}

async function publish(context: Context, text: string, options: PublishOptions): Promise<Result> {
  const client = await context.signer();
  const { jobId } = await findJob(context, text);
  const [{ model }, { receipt, spec }] = await Promise.all([openModel({ client, jobId }), readReceipt({ client, jobId })]);
  const { target, features, classes } = readModel(model);
  const { metrics } = receipt.body;
  const [score] = scorePairs(metrics);
  const about = options.description ?? `Predicts ${target ?? spec.train.task}${classes.length > 0 ? ` (${classes.join(', ')})` : ''} from ${features.map(({ name }) => name).join(', ')}.${score === undefined ? '' : ` ${score[0]} ${score[1]} on ${metrics.testRows} held-out rows.`}`;
  context.say(facts([
    ['Model', `${spec.train.algorithm}, ${model.length} bytes`], ['From', `asset ${spec.input.assetId} version ${spec.input.version}, by run ${jobId}`], ['Becomes public', `title, description, licence, lineage, target, classes`],
    ['For ever', 'the ciphertext is public and permanent: revoking stops new sales, it deletes nothing'], ['May open it', options.validatorsRead ? 'buyers, and validators for the length of a round' : 'buyers, and the committee of a content dispute'],
    ['Is checked', options.validatorsRead ? 'key shares, description, ciphertext, and that it is the run\'s model' : 'key shares, description and ciphertext only, and the page says so (--validators-read allows more)'],
    ['Offer', options.price === undefined ? 'none for now' : `download ${ncr(options.price)}`], ['Fee', `${ncr(await versionFee(client))}, and a bond of ${ncr(await listingBond(client))} that comes back with the review`],
  ]));
  await confirm('Publish?', context.yes);
  const limits = limitsOf(options);
  const description = { title: options.title, description: clean(about), license: options.license, tags: options.tags ?? [], ...(options.source ? { source: options.source } : {}), ...(options.category ? { category: options.category } : {}), ...(options.task ? { task: options.task } : {}), ...(limits ? { limits } : {}) };
  const progress = createProgress('bytes');
  const published = await publishModel({ client, jobId, model, description, validatorsMayRead: options.validatorsRead ?? false, onProgress: ({ stage, done }) => { if (stage !== 'sealing') progress.update(stage === 'storing' ? 'Sealing and storing' : 'Registering', done, stage === 'storing' ? Math.max(done, model.length) : 1); } }).finally(() => progress.stop());
  const { assetId, version, hash, gasUsed, cid } = published;
  context.say(`Published: asset ${assetId}. Waiting for the validators…`);
  const status = await waitForVersion({ client, assetId, version });
  const listings = await makeOffers({ client, assetId, version, license: options.license, validatorsMayRead: options.validatorsRead ?? false, price: options.price, say: context.say });
  return {
    value: { ...published, status, listings },
    text: facts([['Asset', assetId], ['Version', `${version}, ${status}`], ['Transaction', hash], ['Gas', gasUsed], ['Ciphertext', cid], ...listings.map((listing): [string, string] => ['Listing', `${listing.listingId}, ${listing.kind}, ${ncr(listing.price)}`])]),
  };
}

/** Writes predictions as they come: neither the rows nor the answers are held as a whole, unless JSON is asked for on stdout. */
async function predict(context: Context, source: string, options: { rows: string; out?: string }): Promise<Result | undefined> {
  const predictions = predictRows(context, source, options.rows);
  if (options.out !== undefined) {
    const total = { rows: 0, classes: [] as string[] };
    await writeAtomic(options.out, predictionLines(predictions, total));
    return { value: { file: options.out, ...total }, text: `Wrote ${options.out} (${total.rows} rows)` };
  }
  if (!context.json) {
    await pipeline(predictionLines(predictions), process.stdout, { end: false });
    return undefined;
  }
  const pieces: Prediction[] = [];
  for await (const piece of predictions) pieces.push(piece);
  const [first] = pieces;
  return { value: { ...first, rows: pieces.reduce((sum, { rows }) => sum + rows, 0), labels: pieces.flatMap(({ labels }) => labels), outputs: pieces.flatMap(({ outputs }) => Array.from(outputs)) }, text: '' };
}

async function* predictionLines(predictions: AsyncIterable<Prediction>, total = { rows: 0, classes: [] as string[] }): AsyncGenerator<Uint8Array> {
  for await (const piece of predictions) {
    yield new TextEncoder().encode(predictionCsv(piece, { header: total.rows === 0 }));
    total.rows += piece.rows;
    total.classes = piece.classes;
  }
}
