import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { NeuroError } from '@neurodata/protocol';
import { exportBlocks, importBlocks } from '@neurodata/sdk';
import { Command } from 'commander';
import { writeAtomic } from '../atomicFile.ts';
import { type Context, type Result, act } from '../context.ts';
import { createProgress, megabytes } from '../progress.ts';

export function storageCommand(): Command {
  const storage = new Command('storage');
  storage.command('export').description('write everything below CIDs into one CAR file, which any IPFS tool reads')
    .argument('<cids...>').requiredOption('-o, --output <file>', 'the CAR file to write').action(act(exportFile));
  storage.command('import').description("put a CAR file's blocks into the node, and see that its roots are whole")
    .argument('<file>').option('--partial', 'a part of a graph: roots need not be whole').action(act(importFile));
  return storage;
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
