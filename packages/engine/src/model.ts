import { type Json, canonicalJson } from './canonicalJson.ts';
import { EngineError } from './errors.ts';
import { type FittedFeature, designWidth, vectorCount } from './fittedFeature.ts';
import type { Digest } from './hash.ts';
import type { ColumnSpec } from './trainSpec.ts';

export type ModelInfo = { algorithm: string; target: string; features: ColumnSpec[]; classes: string[]; engineId: Digest };

/** A model in parts. weights: vectorCount(classes) rows of designWidth(features), intercept first. */
export type Model = { target: string; features: FittedFeature[]; classes: string[]; engineId: Digest; weights: Float64Array | number[] };

const MAGIC = 'NDM1';
const ALGORITHM = 'logistic-regression';

/**
 * Model bytes: "NDM1", u32 header length, header (canonical JSON, UTF-8), f64 parameters: mean and
 * deviation of each numeric feature, then the weights row by row. Little-endian throughout.
 */
export function writeModel(model: Model): Uint8Array {
  const features = model.features.map((feature): Json =>
    feature.kind === 'numeric'
      ? { name: feature.name, kind: feature.kind }
      : { name: feature.name, kind: feature.kind, categories: feature.categories, missing: feature.missing },
  );
  const { target, classes, engineId } = model;
  const header = new TextEncoder().encode(canonicalJson({ algorithm: ALGORITHM, target, features, classes, engineId }));
  const scales = model.features.flatMap((feature) => (feature.kind === 'numeric' ? [feature.mean, feature.deviation] : []));
  const numbers = [...scales, ...model.weights];
  const bytes = new Uint8Array(8 + header.length + numbers.length * 8);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(4, header.length, true);
  bytes.set(header, 8);
  for (const [index, value] of numbers.entries()) view.setFloat64(8 + header.length + index * 8, value, true);
  return bytes;
}

/** What a model is and needs. @throws EngineError BAD_MODEL for bytes that {@link writeModel} does not write */
export function readModel(model: Uint8Array): ModelInfo {
  const { target, features, classes, engineId } = parseModel(model);
  return { algorithm: ALGORITHM, target, features: features.map(({ name, kind }) => ({ name, kind })), classes, engineId };
}

/** All parts of a model. @throws EngineError BAD_MODEL */
export function parseModel(bytes: Uint8Array): Model {
  if (bytes.length < 8 || new TextDecoder('latin1').decode(bytes.subarray(0, 4)) !== MAGIC) throw badModel('does not begin with NDM1');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerEnd = 8 + view.getUint32(4, true);
  if (headerEnd > bytes.length) throw badModel('is cut off inside its header');
  const header = parseHeader(bytes.subarray(8, headerEnd));
  const width = designWidth(header.features);
  const numeric = header.features.filter((feature) => feature.kind === 'numeric');
  const count = numeric.length * 2 + vectorCount(header.classes.length) * width;
  if (bytes.length !== headerEnd + count * 8) throw badModel(`is ${bytes.length} bytes long, its header asks for ${headerEnd + count * 8}`);
  const numbers = Float64Array.from({ length: count }, (_, index) => view.getFloat64(headerEnd + index * 8, true));
  if (!numbers.every(Number.isFinite)) throw badModel('holds a parameter that is not finite');
  for (const [index, feature] of numeric.entries()) {
    feature.mean = numbers[index * 2] ?? 0;
    feature.deviation = numbers[index * 2 + 1] ?? 0;
    if (feature.deviation <= 0) throw badModel(`has a deviation for ${JSON.stringify(feature.name)} that is not above 0`);
  }
  return { ...header, weights: numbers.subarray(numeric.length * 2) };
}

type Header = { target: string; features: FittedFeature[]; classes: string[]; engineId: Digest };

function parseHeader(bytes: Uint8Array): Header {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw badModel('has a header that is not JSON in UTF-8', { cause });
  }
  const header = record(value, 'header', ['algorithm', 'classes', 'engineId', 'features', 'target']);
  const { algorithm, target, engineId } = header;
  if (algorithm !== ALGORITHM) throw badModel(`names the algorithm ${JSON.stringify(algorithm)}, known is ${ALGORITHM}`);
  if (typeof target !== 'string' || target === '') throw badModel('names no target');
  if (typeof engineId !== 'string' || !/^0x[0-9a-f]{64}$/.test(engineId)) throw badModel('names no engine id');
  const classes = sortedTexts(header['classes'], 'classes');
  if (classes.length < 2) throw badModel('has fewer than two classes');
  if (!Array.isArray(header['features']) || header['features'].length === 0) throw badModel('has no features');
  const features = header['features'].map(parseFeature);
  if (new Set([target, ...features.map(({ name }) => name)]).size !== features.length + 1) throw badModel('names a column twice');
  if (canonicalJson(value as Json) !== text) throw badModel('has a header that is not canonical JSON (RFC 8785)');
  return { target, features, classes, engineId: engineId as Digest };
}

function parseFeature(value: unknown): FittedFeature {
  const numeric = typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'numeric';
  const feature = record(value, 'feature', numeric ? ['kind', 'name'] : ['categories', 'kind', 'missing', 'name']);
  const { name, kind, missing } = feature;
  if (typeof name !== 'string' || name === '') throw badModel('has a feature without a name');
  if (kind === 'numeric') return { name, kind, mean: 0, deviation: 1 };
  if (kind !== 'categorical' || typeof missing !== 'boolean') throw badModel(`has a feature ${JSON.stringify(name)} of no known kind`);
  return { name, kind, categories: sortedTexts(feature['categories'], name), missing };
}

function sortedTexts(value: unknown, what: string): string[] {
  const refusal = badModel(`lists ${what} that are not different texts in the order of their code units`);
  if (!Array.isArray(value)) throw refusal;
  return value.map((text: unknown, index) => {
    if (typeof text !== 'string' || (index > 0 && !(String(value[index - 1]) < text))) throw refusal;
    return text;
  });
}

function record(value: unknown, what: string, keys: string[]): Record<string, unknown> {
  const known = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).sort().join() === keys.join();
  if (!known) throw badModel(`has a ${what} with other fields than ${keys.join(', ')}`);
  return value as Record<string, unknown>;
}

function badModel(problem: string, options?: ErrorOptions): EngineError {
  return new EngineError('BAD_MODEL', `The model ${problem}: pass the unchanged bytes that training wrote.`, options);
}
