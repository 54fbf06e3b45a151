import { type Description, type Evaluation, type EvaluationTable, NeuroError, evaluationSchema } from '@neurodata/protocol';
import { z } from 'zod';
import { t } from '../../language/t.ts';

export type ClaimDraft = { name: string; value: string };

/** What is typed on the page that sells an ONNX model. */
export type ModelDraft = {
  title: string; description: string; license: string; tags: string; source: string; price: string; validatorsMayRead: boolean;
  measureOn: 'nothing' | 'file' | 'asset'; assetId: string; assetVersion: string; target: string;
  /** Columns of a model that takes one matrix, separated by commas. */
  columns: string;
  /** The column for an input of another name. */
  inputs: Record<string, string>;
  claims: ClaimDraft[];
  tolerance: string;
};

export const emptyModelDraft: ModelDraft = {
  title: '', description: '', license: 'CC-BY-4.0', tags: '', source: '', price: '5', validatorsMayRead: false,
  measureOn: 'nothing', assetId: '', assetVersion: '1', target: '', columns: '', inputs: {}, claims: [], tolerance: '',
};

const words = (text: string): string[] => text.split(',').map((word) => word.trim()).filter(Boolean);

export function descriptionOf({ title, description, license, tags, source }: ModelDraft): Description {
  return { title: title.trim(), description: description.trim(), license: license.trim(), tags: words(tags), ...(source.trim() ? { source: source.trim() } : {}) };
}

/** What the manifest will declare; throws `BAD_INPUT` for what cannot be declared. */
export function evaluationOf(draft: ModelDraft, table: EvaluationTable): Evaluation {
  const { target, columns, inputs, tolerance } = draft;
  const named = Object.entries(inputs).filter(([, column]) => column.trim() !== '');
  const parsed = evaluationSchema.safeParse({
    table, target: target.trim(), claims: claimsOf(draft.claims),
    ...(words(columns).length > 0 ? { features: words(columns) } : {}),
    ...(named.length > 0 ? { inputs: Object.fromEntries(named.map(([input, column]) => [input, column.trim()])) } : {}),
    ...(tolerance.trim() === '' ? {} : { tolerance: numberOf(t`The tolerance`, tolerance) }),
  });
  if (!parsed.success) throw new NeuroError(t`What is claimed cannot be declared.`, { code: 'BAD_INPUT', remedy: t`Correct what is named below.`, details: z.prettifyError(parsed.error) });
  return parsed.data;
}

function claimsOf(claims: readonly ClaimDraft[]): Record<string, number> {
  const [twice] = claims.filter(({ name }, index) => claims.findIndex((other) => other.name === name) < index);
  if (twice) throw new NeuroError(t`${twice.name} is claimed twice.`, { code: 'BAD_INPUT', remedy: t`Claim each score once.` });
  return Object.fromEntries(claims.map(({ name, value }) => [name, numberOf(name, value)]));
}

function numberOf(what: string, text: string): number {
  if (/^-?\d+(\.\d+)?$/.test(text.trim())) return Number(text);
  throw new NeuroError(t`${what} is "${text.trim()}", which is no number.`, { code: 'BAD_INPUT', remedy: t`Write a number like 0.97.` });
}

type Chosen = { onnx: File | undefined; table: File | undefined };

/** What a test depends on: another text, another test. */
export function askedOf(draft: ModelDraft, { onnx, table }: Chosen): string {
  const { measureOn, assetId, assetVersion, target, columns, inputs, claims, tolerance } = draft;
  const file = (one: File | undefined): unknown => one && [one.name, one.size, one.lastModified];
  return JSON.stringify([file(onnx), measureOn, ...(measureOn === 'nothing' ? [] : [measureOn === 'file' ? file(table) : [assetId, assetVersion], target, columns, inputs, claims, tolerance])]);
}
