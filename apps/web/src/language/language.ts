/** The languages of the site, each by its own name. English stands in the source; the others are catalogues that are loaded where they are chosen. */
export const languages = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof languages;

/** A catalogue: what a message is called (`nameOf`), and what it says. */
export type Catalogue = Record<string, string>;

const KEY = 'neurodata.language';

/** A sentence of a package that has something filled in, in English and in another language. */
export type Pattern = readonly [english: string, other: string];

type Load<More = unknown> = () => Promise<{ words: Catalogue } & More>;

/** A first view waits for the first part only; `rest.ts` loads the second, and `tFrom.ts` what packages say. */
const catalogues: Record<Exclude<Language, 'en'>, { first: Load; rest: Load; packages: Load<{ patterns: Pattern[] }> }> = {
  de: { first: () => import('./de.json?first'), rest: () => import('./de.json?rest'), packages: () => import('./de.json?packages') },
};

const isLanguage = (text: string | null | undefined): text is Language => text != null && Object.hasOwn(languages, text);

/** What the address asks for by `?lang=`, else what was chosen before, else the first of the reader's languages that the site speaks. */
function wished(): Language {
  // Workers and tests have no page.
  if (typeof document === 'undefined') return 'en';
  const asked = new URLSearchParams(location.search).get('lang');
  if (isLanguage(asked)) localStorage.setItem(KEY, asked);
  const kept = localStorage.getItem(KEY);
  return isLanguage(kept) ? kept : (navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en');
}

const wish = wished();

/** What the reader's language says; nothing for English. A catalogue that cannot be loaded leaves the page English. */
export const catalogue: Catalogue | undefined = wish === 'en' ? undefined : await catalogues[wish].first().then(({ words }) => ({ ...words }), () => undefined);

/** The language of this page, for as long as it is open. */
export const language: Language = catalogue ? wish : 'en';

/** Adds the second part of the catalogue. What cannot be loaded stays English. */
export async function loadRest(): Promise<void> {
  if (catalogue && language !== 'en') Object.assign(catalogue, await catalogues[language].rest().then(({ words }) => words, () => undefined));
}

/** What the reader's language says for the packages; nothing for English, and where it cannot be loaded. */
export async function loadPackages(): Promise<{ words: Catalogue; patterns: readonly Pattern[] } | undefined> {
  return catalogue && language !== 'en' ? catalogues[language].packages().catch(() => undefined) : undefined;
}

/** By which numbers and times are written: the reader's own kind of the language ("de-AT"). English is always the same. */
export const locale: string = language === 'en' ? 'en' : (navigator.languages.find((tag) => tag.toLowerCase().startsWith(language)) ?? language);

if (typeof document !== 'undefined') document.documentElement.lang = language;

/** Remembers a language and opens the page anew in it: sentences are made while the site is loaded. */
export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(KEY, chosen);
  const url = new URL(location.href);
  url.searchParams.delete('lang');
  if (url.href === location.href) location.reload();
  else location.replace(url);
}
