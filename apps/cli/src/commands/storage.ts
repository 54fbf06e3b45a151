import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { exportBlocks, importBlocks } from '@neurodata/sdk';
import { Command } from 'commander';
import { writeAtomic } from '../atomicFile.ts';
import { type Context, type Result, act } from '../context.ts';
import { clean, colours, table } from '../output.ts';
import { countFrom } from '../parse.ts';
import { createProgress, megabytes } from '../progress.ts';
import { confirm } from '../prompt.ts';

export function storageCommand(): Command {
  const storage = new Command('storage');
  storage.command('export').description('write everything below CIDs into one CAR file, which any IPFS tool reads')
    .argument('<cids...>').requiredOption('-o, --output <file>', 'the CAR file to write').action(act(exportFile));
  storage.command('import').description("put a CAR file's blocks into the node, and see that its roots are whole")
    .argument('<file>').option('--partial', 'a part of a graph: roots need not be whole').action(act(importFile));
  storage.command('check').description("read and hash all blocks that buyers and runs need and those kept for others, of this machine's node; an embedded one must be stopped")
    .option('--repair', 'fetch what is missing or bad from gateways and validators').action(act(check));
  storage.command('gc').description("remove blocks that nothing names any more, of this machine's node; an embedded one must be stopped")
    .option('--dry-run', 'only say what would go')
    .option('--grace <hours>', 'keep what was put within so many hours', countFrom(1, 87_600), 168)
    .option('--despite-missing', 'go on though something is missing that is needed: what only it names is lost')
    .action(act(collect));
  storage.command('pins').description('what IPFS nodes and pinning services keep for this machine\'s node').action(act(pins));
  return storage;
}

/** Ctrl-C ends it between two blocks: what is done is done, and nothing is half done. */
function stopping(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new NeuroError('It was ended; what is done is done.', { code: 'CONFLICT', remedy: 'Run it again to go on.' })));
  return controller.signal;
}

async function check(_context: Context, { repair = false }: { repair?: boolean }): Promise<Result> {
  const { checkNodeBlocks } = await import('@neurodata/node');
  const progress = createProgress('counts');
  const found = await checkNodeBlocks({ environment: { ...process.env }, repair, signal: stopping(), onVersion: (done, of) => progress.update('checking', done, of), onPin: (done, of) => progress.update('checking pins', done, of) }).finally(() => progress.stop());
  const { checked, repaired, missing, alone, hosted } = found;
  const rows = missing.map((one) => [`${one.assetId} v${one.version}`, one.part, one.cid]);
  const text = [
    `${missing.length === 0 ? colours.green('✓') : colours.red('✗')} ${checked} versions read${repair ? `, ${repaired} parts repaired` : ''}, ${missing.length} parts missing or bad`,
    ...(rows.length > 0 ? [table(['version', 'part', 'cid'], rows, '')] : []),
    ...(alone === undefined ? [] : [`${alone} of them are nowhere else, as far as others answered`]),
    ...(hosted.checked > 0 ? [`${hosted.lost.length === 0 ? colours.green('✓') : colours.red('✗')} ${hosted.checked} pins of others read${repair ? `, ${hosted.repaired} blocks repaired` : ''}, ${hosted.lost.length} with blocks missing or bad`] : []),
    ...hosted.lost.map(({ cid, why }) => `  ${clean(cid)}: ${clean(why)}`),
    ...(rows.length + hosted.lost.length > 0 && !repair ? ['Fetch them from others with --repair.'] : []),
  ].join('\n');
  return { value: found, text, failed: missing.length + hosted.lost.length > 0 };
}

async function collect(context: Context, options: { dryRun?: boolean; grace: number; despiteMissing?: boolean }): Promise<Result> {
  const { dryRun = false, grace, despiteMissing = false } = options;
  if (!dryRun) await confirm(`Remove what nothing names any more and nobody put for ${grace} hours?`, context.yes);
  const { collectNodeGarbage } = await import('@neurodata/node');
  const progress = createProgress('counts');
  const found = await collectNodeGarbage({ environment: { ...process.env }, dryRun, graceHours: grace, despiteMissing, signal: stopping(), onProgress: (stage, done) => progress.update(stage, done) }).finally(() => progress.stop());
  const went = `${found.removed} of ${found.blocks} blocks, ${megabytes(found.removedBytes)} of ${megabytes(found.bytes)}`;
  return { value: found, text: [dryRun ? `${went}, would go` : `${went}, are gone`, `${found.young} that nothing names are too young`].join('\n') };
}

async function pins(): Promise<Result> {
  const { readNodePins } = await import('@neurodata/node');
  const found = await readNodePins({ environment: { ...process.env } });
  const rows = found.pins.map(({ target, state, name, cid, why }) => [clean(target), state, clean(name), cid, clean(why ?? '').slice(0, 80)]);
  return { value: found, text: table(['keeper', 'state', 'what', 'cid', ''], rows, 'Nobody else is asked to keep anything. Name somebody with NEURODATA_PIN_KUBO or NEURODATA_PIN_SERVICE.') };
}

async function exportFile(context: Context, cids: [string, ...string[]], { output }: { output: string }): Promise<Result> {
  const file = path.resolve(output);
  const progress = createProgress('bytes');
  let [blocks, bytes] = [0, 0];
  const onBlock = (size: number): void => {
    blocks += 1;
    bytes += size;
    progress.update('exporting', bytes);
  };
  const size = await writeAtomic(file, exportBlocks({ url: context.url, cids, onBlock })).finally(() => progress.stop());
  return { value: { file, size, roots: cids, blocks, bytes }, text: `${blocks} blocks, ${megabytes(bytes)}, are in ${file}` };
}

async function importFile(context: Context, name: string, { partial = false }: { partial?: boolean }): Promise<Result> {
  const file = path.resolve(name);
  const { size } = await stat(file).catch((cause: unknown) => {
    throw new NeuroError(`${file} cannot be read.`, { code: 'NOT_FOUND', cause, remedy: 'Name a CAR file.' });
  });
  const progress = createProgress('bytes');
  const done = await importBlocks({ url: context.url, content: createReadStream(file), partial, onProgress: ({ bytes }) => progress.update('importing', bytes, size) }).finally(() => progress.stop());
  const whole = partial ? '' : done.roots.length === 1 ? ', and its root is whole there' : `, and its ${done.roots.length} roots are whole there`;
  return { value: { file, ...done }, text: [`${done.blocks} blocks of ${file} are in the node${whole}:`, ...done.roots].join('\n') };
}
