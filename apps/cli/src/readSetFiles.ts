import { EngineError, findAlgorithm } from '@neurodata/engine';
import { NeuroError } from '@neurodata/protocol';
import { readBytes } from './readBytes.ts';

/**
 * `--set name=@file` with the file's content in place of its name: as base64 for parameters of bytes, as text for
 * parameters of text.
 */
export async function readSetFiles(pairs: readonly string[] | undefined, algorithm: string | undefined): Promise<string[]> {
  return Promise.all((pairs ?? []).map(async (pair) => {
    const [, name, file] = /^([^=]+)=@(.+)$/s.exec(pair) ?? [];
    const kind = name === undefined ? undefined : kindOf(algorithm, name.trim());
    if (file === undefined || (kind !== 'bytes' && kind !== 'text')) return pair;
    const bytes = await readBytes(file);
    return `${name}=${kind === 'bytes' ? Buffer.from(bytes).toString('base64') : new TextDecoder('utf-8').decode(bytes)}`;
  }));
}

function kindOf(algorithm: string | undefined, name: string): string | undefined {
  if (algorithm === undefined) return undefined;
  try {
    return findAlgorithm(algorithm).parameters.find((parameter) => parameter.name === name)?.kind;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new NeuroError('There is no such algorithm.', { code: 'BAD_INPUT', remedy: 'Run `neurodata algorithms` for a list.', details: error.message });
  }
}
