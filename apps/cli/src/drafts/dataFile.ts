import { NeuroError } from '@neurodata/protocol';
import type { Draft, DraftFile } from './draft.ts';

/** Stands beside data, and is none. */
const BESIDE = /^(?:readme(?:\.md|\.txt)?|licen[cs]e(?:\.md|\.txt)?|\.git(?:attributes|ignore)|croissant\.json|dataset-metadata\.json|dataset_infos\.json)$/i;

const nameOf = (path: string): string => path.split('/').at(-1) ?? '';

/** Files of a draft that are what is sold; of a model the ONNX file, where there is just one. */
export function dataFiles({ kind, files }: Pick<Draft, 'kind' | 'files'>): DraftFile[] {
  const data = files.filter(({ path }) => !BESIDE.test(nameOf(path)));
  const onnx = data.filter(({ path }) => /\.onnx$/i.test(path));
  return kind === 'model' && onnx.length === 1 ? onnx : data;
}

/** What becomes a version: the file that is named, or all files of data; of several a folder is published. Throws `BAD_INPUT` where there is none, and for several of a model. */
export function filesToPublish(draft: Draft, named: string | undefined): DraftFile[] {
  const found = named === undefined ? dataFiles(draft) : draft.files.filter(({ path }) => path === named);
  if (found.length === 1 || (found.length > 1 && draft.kind === 'dataset')) return found;
  if (named !== undefined) throw new NeuroError(`Draft ${draft.draftId} holds no ${named}.`, { code: 'BAD_INPUT', remedy: `See \`neurodata drafts show ${draft.draftId}\`.` });
  if (found.length === 0) throw new NeuroError(`Draft ${draft.draftId} holds no data yet.`, { code: 'BAD_INPUT', remedy: 'Upload a table or an archive to it.' });
  throw new NeuroError(`Draft ${draft.draftId} holds ${found.length} files, and a model is one file.`, { code: 'BAD_INPUT', details: found.slice(0, 20).map(({ path }) => path).join('\n'), remedy: 'Name one with --file.' });
}

/** What describes the data, by its usual name. */
export function besideFile({ files }: Draft, name: RegExp): DraftFile | undefined {
  return files.find(({ path }) => name.test(path));
}
