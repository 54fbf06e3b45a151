import type { Task } from '../algorithms/algorithm.ts';
import { findAlgorithm } from '../algorithms/index.ts';
import { type Json, canonicalJson } from '../canonicalJson.ts';
import type { Digest } from '../hash.ts';
import { createKernels } from '../kernels/index.ts';
import { type FittedFeature, designWidth } from '../prepare/fittedFeature.ts';
import { type ParameterValues, checkParameters } from '../spec/parameters.ts';
import type { ColumnSpec, TrainSpec } from '../spec/types.ts';
import { badModel } from './body.ts';

export type ModelInfo = { algorithm: string; task: Task; target: string | null; /** With the categories of a categorical one, as the train rows had them. */
  features: (ColumnSpec & { categories?: string[] })[]; classes: string[]; parameters: ParameterValues; engineId: Digest };

/** A model in parts. `body` is the algorithm's. */
export type Model = { algorithm: string; task: Task; target: string | null; features: FittedFeature[]; classes: string[]; parameters: ParameterValues; engineId: Digest; body: Uint8Array };

const MAGIC = 'NDM2';
const FIELDS = ['algorithm', 'classes', 'engineId', 'features', 'parameters', 'target', 'task'];

/**
 * Model bytes: "NDM2", u32 header length, header (canonical JSON, UTF-8), then fill (if the feature has one), mean and
 * deviation of each numeric feature as f64, then the algorithm's body. Little-endian throughout. The bytes lie in their
 * buffer so that the numbers of the body can be read in place.
 */
export function writeModel(parts: { spec: Pick<TrainSpec, 'algorithm' | 'task' | 'target' | 'parameters'>; features: readonly FittedFeature[]; classes: string[]; engineId: Digest; body: Uint8Array }): Uint8Array {
  const { spec, classes, engineId, body } = parts;
  const features = parts.features.map((feature): Json => {
    const { name, kind } = feature;
    if (kind === 'numeric') return { name, kind, fill: feature.fill !== null };
    return { name, kind, categories: feature.categories, encode: feature.encode, missing: feature.missing };
  });
  const { algorithm, task, target, parameters } = spec;
  const header = new TextEncoder().encode(canonicalJson({ algorithm, task, target, parameters, features, classes, engineId }));
  const numbers = parts.features.flatMap((feature) => (feature.kind === 'numeric' ? [...(feature.fill === null ? [] : [feature.fill]), feature.mean, feature.deviation] : []));
  const length = 8 + header.length + numbers.length * 8 + body.length;
  const padding = (8 - (header.length % 8)) % 8;
  const bytes = new Uint8Array(new ArrayBuffer(padding + length), padding, length);
  const view = new DataView(bytes.buffer, padding);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(4, header.length, true);
  bytes.set(header, 8);
  for (const [index, value] of numbers.entries()) view.setFloat64(8 + header.length + index * 8, value, true);
  bytes.set(body, 8 + header.length + numbers.length * 8);
  return bytes;
}

/** What a model is and needs. @throws EngineError BAD_MODEL for bytes that {@link writeModel} does not write */
export function readModel(model: Uint8Array): ModelInfo {
  const { features, body, ...info } = parseModel(model);
  const { classes, task, parameters } = info;
  findAlgorithm(info.algorithm).read(body, { width: designWidth(features), classes, task, parameters }, createKernels());
  return { ...info, features: features.map((feature) => (feature.kind === 'numeric' ? { name: feature.name, kind: feature.kind } : { name: feature.name, kind: feature.kind, categories: feature.categories })) };
}

/** All parts of a model; the body is read by its algorithm. @throws EngineError BAD_MODEL */
export function parseModel(bytes: Uint8Array): Model {
  if (bytes.length < 8 || new TextDecoder('latin1').decode(bytes.subarray(0, 4)) !== MAGIC) throw badModel('does not begin with NDM2');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerEnd = 8 + view.getUint32(4, true);
  if (headerEnd > bytes.length) throw badModel('is cut off inside its header');
  const { header, fills } = parseHeader(bytes.subarray(8, headerEnd));
  let at = headerEnd;
  const next = (): number => {
    if (at + 8 > bytes.length) throw badModel('is cut off inside its features');
    const value = view.getFloat64(at, true);
    at += 8;
    if (Number.isFinite(value)) return value;
    throw badModel('holds a parameter that is not finite');
  };
  for (const [index, feature] of header.features.entries()) {
    if (feature.kind !== 'numeric') continue;
    feature.fill = fills[index] === true ? next() : null;
    feature.mean = next();
    feature.deviation = next();
    if (feature.deviation <= 0) throw badModel(`has a deviation for ${JSON.stringify(feature.name)} that is not above 0`);
  }
  return { ...header, body: bytes.subarray(at) };
}

type Header = Omit<Model, 'body'>;

function parseHeader(bytes: Uint8Array): { header: Header; fills: boolean[] } {
  const { text, value } = parseJson(bytes);
  const header = record(value, 'header', FIELDS);
  const { algorithm, task, target, engineId } = header;
  const known = knownAlgorithm(algorithm);
  const found = known.tasks.find((one) => one === task);
  if (found === undefined) throw badModel(`names the task ${JSON.stringify(task)}, ${known.name} has ${known.tasks.join(', ')}`);
  const supervised = found === 'classification' || found === 'regression';
  if (supervised ? typeof target !== 'string' || target === '' : target !== null) throw badModel('names no target that fits its task');
  if (typeof engineId !== 'string' || !/^0x[0-9a-f]{64}$/.test(engineId)) throw badModel('names no engine id');
  const classes = sortedTexts(header['classes'], 'classes');
  if (found === 'classification' ? classes.length < 2 : classes.length > 0) throw badModel('has classes that do not fit its task');
  if (!Array.isArray(header['features']) || header['features'].length === 0) throw badModel('has no features');
  const features = header['features'].map(parseFeature);
  if (new Set([target, ...features.map(({ name }) => name)]).size !== features.length + 1) throw badModel('names a column twice');
  if (canonicalJson(value as Json) !== text) throw badModel('has a header that is not canonical JSON (RFC 8785)');
  const fills = header['features'].map((feature: { fill?: boolean }) => feature.fill === true);
  return {
    header: { algorithm: known.name, task: found, target: target as string | null, features, classes, parameters: parseParameters(known, header['parameters']), engineId: engineId as Digest },
    fills,
  };
}

function parseJson(bytes: Uint8Array): { text: string; value: unknown } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    throw badModel('has a header that is not JSON in UTF-8', { cause });
  }
}

function knownAlgorithm(name: unknown): ReturnType<typeof findAlgorithm> {
  try {
    return findAlgorithm(name);
  } catch (cause) {
    throw badModel(`names the algorithm ${JSON.stringify(name)}, which this engine does not have`, { cause });
  }
}

function parseParameters(algorithm: ReturnType<typeof findAlgorithm>, value: unknown): ParameterValues {
  const stated = typeof value === 'object' && value !== null ? value : {};
  const given = record(value, 'parameters', algorithm.parameters.filter(({ name, leftOut }) => leftOut !== true || name in stated).map(({ name }) => name).sort());
  let checked: ParameterValues;
  try {
    checked = checkParameters(algorithm.parameters, given);
  } catch (cause) {
    throw badModel('has parameters outside of what its algorithm allows', { cause });
  }
  for (const name of Object.keys(given)) if (!(name in checked)) throw badModel(`states ${name} where it has its default`);
  return checked;
}

function parseFeature(value: unknown): FittedFeature {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  if (kind === 'numeric') {
    const { name, fill } = record(value, 'feature', ['fill', 'kind', 'name']);
    if (typeof name !== 'string' || name === '') throw badModel('has a feature without a name');
    if (typeof fill !== 'boolean') throw badModel(`does not say whether ${JSON.stringify(name)} is filled`);
    return { name, kind, fill: null, mean: 0, deviation: 1 };
  }
  if (kind !== 'categorical') throw badModel(`has a feature of the kind ${JSON.stringify(kind)}`);
  const { name, missing, encode, categories } = record(value, 'feature', ['categories', 'encode', 'kind', 'missing', 'name']);
  if (typeof name !== 'string' || name === '') throw badModel('has a feature without a name');
  if (typeof missing !== 'boolean') throw badModel(`does not say whether ${JSON.stringify(name)} misses cells`);
  if (encode !== 'one-hot' && encode !== 'ordinal') throw badModel(`does not say how ${JSON.stringify(name)} is encoded`);
  return { name, kind, encode, categories: sortedTexts(categories, `categories of ${JSON.stringify(name)}`), missing };
}

function sortedTexts(value: unknown, what: string): string[] {
  if (!Array.isArray(value) || !value.every((entry): entry is string => typeof entry === 'string')) throw badModel(`lists no ${what}`);
  if (value.some((entry, index) => index > 0 && entry <= (value[index - 1] ?? ''))) throw badModel(`lists ${what} that are not different texts in the order of their code units`);
  return value;
}

function record(value: unknown, what: string, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badModel(`has no ${what}`);
  if (Object.keys(value).sort().join() !== known.join()) throw badModel(`has a ${what} with other fields than ${known.join(', ')}`);
  return value as Record<string, unknown>;
}
