import { NeuroError } from '../errors.ts';
import { findLicence, spdxLicences } from '../spdx.ts';

/** A column as a description declares it. */
export type DeclaredColumn = { name: string; kind: 'number' | 'text' | 'boolean' | 'date' | 'other' };

/** What a description from elsewhere says of a dataset, as far as it fits here. Fields that it leaves out are absent. */
export type ImportedDescription = {
  format: 'croissant' | 'kaggle' | 'card';
  title?: string;
  description?: string;
  /** SPDX id. */
  license?: string;
  /** What it names as the licence, where that is none that is known here: a person has to say. */
  unknownLicense?: string;
  source?: string;
  tags: string[];
  columns: DeclaredColumn[];
};

const MOST = { title: 200, description: 20_000, source: 1_000, tags: 20, tag: 50, columns: 10_000, column: 200 } as const;

type Node = Record<string, unknown>;
export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
export const listOf = (value: unknown): unknown[] => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);

/** A text without control characters, cut to `most`; undefined where there is none. */
export function textOf(value: unknown, most: number): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  // Line breaks and tabs stay; what could rewrite a terminal or hide text does not.
  const plain = String(value).toWellFormed().replaceAll(/\r\n?/g, '\n').replaceAll(/[^\P{C}\n\t\u200C\u200D]/gu, '').trim();
  return plain === '' ? undefined : plain.slice(0, most).toWellFormed();
}

export type Said = { format: ImportedDescription['format']; title: unknown; description: unknown; licenses: string[]; source: unknown; keywords: unknown[]; columns: { name: unknown; kind: DeclaredColumn['kind'] }[] };

/** Puts what was found into bounds. */
export function boundDescription({ format, title, description, licenses, source, keywords, columns }: Said): ImportedDescription {
  const tags = keywords.map((word) => textOf(word, 1_000)).filter((tag) => tag !== undefined && tag.length <= MOST.tag) as string[];
  const named = columns.slice(0, MOST.columns).flatMap(({ name, kind }) => {
    const text = textOf(name, MOST.column);
    return text === undefined ? [] : [{ name: text, kind }];
  });
  const found = { title: textOf(title, MOST.title), description: textOf(description, MOST.description), source: sourceOf(source) };
  return {
    format, tags: [...new Set(tags)].slice(0, MOST.tags), columns: named, ...licenseOf(licenses),
    ...(found.title === undefined ? {} : { title: found.title }), ...(found.description === undefined ? {} : { description: found.description }), ...(found.source === undefined ? {} : { source: found.source }),
  };
}

/** Only what a reader can open. */
function sourceOf(value: unknown): string | undefined {
  const text = textOf(value, MOST.source + 1);
  return text !== undefined && text.length <= MOST.source && /^https?:\/\/\S+$/.test(text) ? text : undefined;
}

/** One licence, or none: of several, or of one that is not known, a person decides. */
function licenseOf(names: string[]): Pick<ImportedDescription, 'license' | 'unknownLicense'> {
  const given = [...new Set(names.map((name) => textOf(name, 200)).filter((name) => name !== undefined))];
  if (given.length === 0) return {};
  const ids = new Set(given.map((name) => findLicence(name)));
  const [id] = ids;
  return ids.size === 1 && id !== undefined ? { license: id } : { unknownLicense: given.join(', ').slice(0, 400) };
}

/** What to type instead of a licence that is not known. */
export function unknownLicenseError(name: string, how: string): NeuroError {
  return new NeuroError(`The description names the licence "${name}", which is not known here.`, {
    code: 'BAD_INPUT', remedy: `Say which one it is ${how}: an SPDX id, or the address of its text.`, details: `Ids that are usual: ${Object.keys(spdxLicences).filter((id) => !/^CC-BY.*-[123]\./.test(id)).join(', ')}`,
  });
}
