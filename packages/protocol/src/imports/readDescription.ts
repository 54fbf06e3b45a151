import { NeuroError } from '../errors.ts';
import { type DeclaredColumn, type ImportedDescription, boundDescription, isNode, listOf } from './importedDescription.ts';
import { parseBounded } from './parseBounded.ts';

type Node = Record<string, unknown>;

/**
 * Reads how another catalogue describes a dataset: a Croissant document, or Kaggle's `dataset-metadata.json`. Nothing is fetched: contexts and
 * addresses stay what they are, and terms are known by their usual names. Throws `TOO_LARGE`, and `BAD_INPUT` for anything else.
 */
export function readDescription(bytes: Uint8Array): ImportedDescription {
  const document = parseBounded(bytes);
  const dataset = datasetOf(document);
  if (dataset) return readCroissant(dataset);
  if (isNode(document) && ('licenses' in document || 'resources' in document || typeof document['id'] === 'string') && typeof document['title'] === 'string') return readKaggle(document);
  throw new NeuroError('This describes no dataset that is understood here.', { code: 'BAD_INPUT', remedy: 'Give a Croissant file (JSON-LD whose @type is sc:Dataset), or a dataset-metadata.json of Kaggle.' });
}

const schemaOrg = ['', 'sc:', 'schema:', 'https://schema.org/', 'http://schema.org/'];
const croissant = ['', 'cr:', 'ml:', 'http://mlcommons.org/croissant/', 'http://mlcommons.org/schema/'];

/** A property under any of its usual prefixes. */
function property(node: Node, name: string, prefixes = schemaOrg): unknown {
  for (const prefix of prefixes) if (Object.hasOwn(node, `${prefix}${name}`)) return node[`${prefix}${name}`];
  return undefined;
}

const isDataset = (node: Node): boolean => listOf(node['@type']).some((type) => typeof type === 'string' && /(^|[:/])Dataset$/.test(type));

/** The dataset of a document, at its top, in a list, or in its graph. */
function datasetOf(document: unknown): Node | undefined {
  const graph = isNode(document) && !isDataset(document) ? document['@graph'] : document;
  return listOf(graph).filter(isNode).find(isDataset);
}

function readCroissant(dataset: Node): ImportedDescription {
  const fields = listOf(property(dataset, 'recordSet', croissant)).filter(isNode).flatMap((set) => listOf(property(set, 'field', croissant)).filter(isNode));
  return boundDescription({
    format: 'croissant', title: inWords(property(dataset, 'name')), description: inWords(property(dataset, 'description')),
    licenses: listOf(property(dataset, 'license')).flatMap(licenseNames), source: firstText(property(dataset, 'url'), property(dataset, 'isBasedOn'), dataset['@id']),
    keywords: listOf(property(dataset, 'keywords')).flatMap((word) => (typeof word === 'string' ? word.split(',') : [inWords(isNode(word) ? property(word, 'name') : word)])),
    columns: fields.map((field) => ({ name: columnName(field), kind: kindOfTypes(listOf(property(field, 'dataType', croissant))) })),
  });
}

/** A text, or the English one of several languages, or the first. */
function inWords(value: unknown): unknown {
  const [first] = listOf(value);
  if (!isNode(first)) return first;
  return first['@value'] ?? first['en'] ?? Object.values(first).find((text) => typeof text === 'string');
}

function firstText(...values: unknown[]): unknown {
  for (const value of values.flatMap(listOf)) {
    const text = isNode(value) ? (value['@id'] ?? property(value, 'url')) : value;
    if (typeof text === 'string' && text !== '') return text;
  }
  return undefined;
}

/** By its address first, which says more than a name. */
function licenseNames(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (!isNode(value)) return [];
  const text = firstText(property(value, 'url'), value['@id'], inWords(property(value, 'name')));
  return typeof text === 'string' ? [text] : [];
}

/** What the table calls it, which is what the field extracts. */
function columnName(field: Node): unknown {
  const source = property(field, 'source', croissant);
  const extract = isNode(source) ? property(source, 'extract', croissant) : undefined;
  return (isNode(extract) ? property(extract, 'column', croissant) : undefined) ?? inWords(property(field, 'name'));
}

function kindOfTypes(types: unknown[]): DeclaredColumn['kind'] {
  const names = types.map((type) => (isNode(type) ? type['@id'] : type)).filter((type) => typeof type === 'string').map((type) => type.split(/[:/#]/).at(-1)?.toLowerCase() ?? '');
  return names.map(kindOfType).find((kind) => kind !== 'other') ?? 'other';
}

function kindOfType(type: string): DeclaredColumn['kind'] {
  if (/^(u?int(eger)?|float|double|number|numeric|decimal)\d*$/.test(type)) return 'number';
  if (/^(text|string|str|id|uuid|url|category|categorical)$/.test(type)) return 'text';
  if (/^bool(ean)?$/.test(type)) return 'boolean';
  return /^(date|time|datetime|timestamp)$/.test(type) ? 'date' : 'other';
}

/** The tabular data package of Kaggle's command line. */
function readKaggle(document: Node): ImportedDescription {
  const { id, title, subtitle, description, licenses, keywords, resources } = document;
  const slug = typeof id === 'string' && /^[\w-]{1,100}\/[\w-]{1,100}$/.test(id) ? id : undefined;
  const fields = listOf(resources).filter(isNode).flatMap(({ schema }) => (isNode(schema) ? listOf(schema['fields']).filter(isNode) : []));
  return boundDescription({
    format: 'kaggle', title, description: firstText(description, subtitle), keywords: listOf(keywords), source: slug && !slug.includes('INSERT_') ? `https://www.kaggle.com/datasets/${slug}` : undefined,
    licenses: listOf(licenses).flatMap((license) => (isNode(license) ? listOf(license['name']) : [license])).filter((name) => typeof name === 'string'),
    columns: fields.map(({ name, type }) => ({ name, kind: typeof type === 'string' ? kindOfType(type.toLowerCase()) : 'other' })),
  });
}
