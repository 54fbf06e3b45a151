import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'vite';
import { type Message, readMessages, withLookups } from './messages.ts';
import { readPackageSentences } from './packageSentences.ts';
import { nameOf } from './src/language/nameOf.ts';

const source = path.join(import.meta.dirname, 'src');
const folder = path.join(source, 'language');

/** What a first view begins with: the front page, an asset's page, and what stands in their chunks (`vite.config.ts`). */
const beginnings = /^(main|pages\/(AssetPage|NotFound)|components\/(Layout|Evidence|asset\/(OfferPanel|offers|meanText|judgementWords)|trust\/ReportButton)|queries\/(mutations|orders|subscriptions|assets|curation))\.tsx?$/;

/**
 * Looks sentences in JSX up in the reader's language, and makes of each catalogue what is loaded: no English, short names, in three parts (`?first`, `?rest`, `?packages`).
 * Whatever has sentences and is not of a first view waits for the second, whatever shows those of packages for the third.
 */
export function languages(): Plugin {
  let firsts: Promise<Set<string>> | undefined;
  return {
    name: 'languages',
    enforce: 'pre',
    buildStart() { firsts = firstFiles(); },
    async transform(code, id) {
      const file = path.relative(source, id.split('?')[0] ?? id).replaceAll('\\', '/');
      if (file.startsWith('..') || file.startsWith('language/') || !/\.tsx?$/.test(file)) return undefined;
      if (readMessages(code, file).messages.length === 0) return undefined;
      const wait = (await firsts)?.has(file) ? '' : `import ${JSON.stringify(`${folder}/rest.ts`)};\n`;
      return { code: wait + (withLookups(code, file, folder) ?? code), map: null };
    },
    async load(id) {
      const [file = '', part] = id.split('?');
      if (path.dirname(file) !== folder || (part !== 'first' && part !== 'rest' && part !== 'packages')) return undefined;
      this.addWatchFile(file);
      const words = await readCatalogue(file);
      const named = loaded(words);
      const code = part === 'packages' ? await packagePart(words) : { words: await sitePart(named, part) };
      return { code: Object.entries(code).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`).join(''), moduleType: 'js' };
    },
  };
}

/** English to another language; empty where nobody has translated it yet. */
export type Words = Record<string, string>;

const readCatalogue = async (file: string): Promise<Words> => JSON.parse(await readFile(file, 'utf8')) as Words;

/** A catalogue as the site loads it. Throws where two sentences would get one name. */
function loaded(words: Words): Words {
  const sentences = new Map<string, string>();
  for (const english of Object.keys(words)) {
    const other = sentences.get(nameOf(english));
    if (other !== undefined) throw new Error(`“${english}” and “${other}” have one name in the catalogues: change a word of one.`);
    sentences.set(nameOf(english), english);
  }
  return Object.fromEntries([...sentences].flatMap(([name, english]) => (words[english] ? [[name, words[english]]] : [])));
}

/** What the site says itself, in a first view or later. */
async function sitePart(named: Words, part: 'first' | 'rest'): Promise<Words> {
  const [first, said] = [await firstNames(), new Set((await readSentences()).map(({ text }) => nameOf(text)))];
  return Object.fromEntries(Object.entries(named).filter(([name]) => said.has(name) && first.has(name) === (part === 'first')));
}

/** What packages say: whole sentences by their names, and those with something filled in as they are, the most telling first. */
export async function packagePart(words: Words): Promise<{ words: Words; patterns: [english: string, other: string][] }> {
  const said = (await readPackageSentences()).flatMap(({ text }): [string, string][] => (words[text] ? [[text, words[text]]] : []));
  const letters = (text: string): number => text.replaceAll(/\{\d+\}/g, '').length;
  return {
    words: Object.fromEntries(said.filter(([english]) => !hasSlots(english)).map(([english, other]) => [nameOf(english), other])),
    patterns: said.filter(([english]) => hasSlots(english)).toSorted(([a], [b]) => letters(b) - letters(a)),
  };
}

const hasSlots = (text: string): boolean => /\{\d+\}/.test(text);

/** The files that a first view needs at once, below `src`. */
async function firstFiles(): Promise<Set<string>> {
  const waiting = (await sourceFiles()).filter((file) => beginnings.test(file));
  const seen = new Set(waiting);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const [, , name] of (await readFile(path.join(source, file), 'utf8')).matchAll(/^import (?!type\b)([^'"]*from )?'(\.[^']+\.tsx?)'/gm)) {
      const next = path.posix.join(path.posix.dirname(file), name ?? '');
      if (!seen.has(next)) waiting.push(next);
      seen.add(next);
    }
  }
  return seen;
}

/** What the sentences of a first view are called. */
async function firstNames(): Promise<Set<string>> {
  const files = await firstFiles();
  return new Set((await readSentences()).filter(({ file }) => files.has(file)).map(({ text }) => nameOf(text)));
}

async function sourceFiles(): Promise<string[]> {
  return (await readdir(source, { recursive: true })).map((file) => file.replaceAll('\\', '/')).filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts')).toSorted();
}

/** Where a sentence stands: file below `src`, and line. */
export type Place = Message & { file: string };

/** Every sentence of the site, in the order of the files; one that stands twice is there twice. */
export async function readSentences(): Promise<Place[]> {
  const files = await sourceFiles();
  const found = await Promise.all(files.map(async (file) => readMessages(await readFile(path.join(source, file), 'utf8'), file).messages.map((message) => ({ ...message, file }))));
  return found.flat();
}

/** The catalogues, by their languages. */
export async function readCatalogues(): Promise<Record<string, Words>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name.slice(0, -'.json'.length), await readCatalogue(path.join(folder, name))] as const)));
}

/** Brings the catalogues to the sentences of the source: new ones are empty, those that are gone go, and all stand in the order of the files, those of packages last. */
export async function updateCatalogues(): Promise<void> {
  const sentences = [...await readSentences(), ...await readPackageSentences()];
  for (const [language, words] of Object.entries(await readCatalogues())) {
    const next = Object.fromEntries(sentences.map(({ text }) => [text, words[text] ?? '']));
    await writeFile(path.join(folder, `${language}.json`), `${JSON.stringify(next, null, 2)}\n`);
    const missing = Object.values(next).filter((text) => text === '').length;
    process.stdout.write(`${language}: ${Object.keys(next).length} sentences, ${missing} not translated yet.\n`);
  }
}

if (process.argv[1] === import.meta.filename) await updateCatalogues();
