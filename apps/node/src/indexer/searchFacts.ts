import { categories, tasks } from '@neurodata/protocol';
import type { Category, Manifest, Task } from '@neurodata/protocol';
import { z } from 'zod';

/** What a manifest says that it is for, beside its checked fields: anything may stand there. */
const saidSchema = z.looseObject({
  'nd:category': z.enum(categories).optional().catch(undefined),
  'nd:task': z.enum(tasks).optional().catch(undefined),
  creator: z.looseObject({ name: z.string().max(200) }).optional().catch(undefined),
  publisher: z.looseObject({ name: z.string().max(200) }).optional().catch(undefined),
});

const wordsOfCategory: Record<Exclude<Category, 'other'>, string> = {
  health: 'health healthcare medical medicine clinical hospital patient patients disease diabetes cancer cardiology drug drugs covid nutrition',
  biology: 'biology genomics gene genes protein species animals plants ecology penguins birds fish cell cells dna zoology botany',
  climate: 'climate weather temperature precipitation rain meteorology environment emissions ocean earthquakes earthquake seismic',
  finance: 'finance financial stocks stock bank banking credit loans loan insurance fraud crypto trading prices economy economics',
  retail: 'retail sales commerce ecommerce shopping products product customers customer marketing churn store stores',
  transport: 'transport transportation traffic flights flight aviation airline airlines cars vehicles taxi bikes railway shipping mobility',
  energy: 'energy electricity power solar wind oil gas grid battery consumption',
  language: 'language nlp text corpus translation sentiment words speech-to-text chat documents news',
  vision: 'vision image images photos video videos pictures ocr faces',
  audio: 'audio music sound speech voice',
  social: 'social people survey population demographics census education schools students jobs housing',
  government: 'government public policy elections politics law legal crime tax',
  science: 'science physics chemistry astronomy space materials mathematics experiment experiments',
  sport: 'sport sports football soccer basketball tennis olympics games',
};
const categoryOf = new Map<string, Category>(Object.entries(wordsOfCategory).flatMap(([category, words]) => words.split(' ').map((word): [string, Category] => [word, category as Category])));

const wordsOfTask: Record<Exclude<Task, 'other'>, RegExp> = {
  forecasting: /\b(forecast\w*|time[ -]?series)\b/, clustering: /\b(cluster\w*|unsupervised|segmentation)\b/, image: /\b(image|images|vision|ocr)\b/,
  text: /\b(nlp|text|translation|sentiment)\b/, regression: /\bregression\b/, classification: /\b(classif\w*|labels?|labelled)\b/,
};
/** More different numbers than this are no classes. */
const mostClasses = 20;

export type SearchFacts = { category: Category; task: Task; publisher: string | null };

/** What an asset is about and for. As its manifest says; else the category by the first known word of tags and title, the task by tags, model or the last column. */
export function searchFactsOf(manifest: Manifest): SearchFacts {
  const said = saidSchema.parse(manifest);
  return { category: said['nd:category'] ?? guessCategory(manifest), task: said['nd:task'] ?? guessTask(manifest), publisher: said.publisher?.name ?? said.creator?.name ?? null };
}

function guessCategory({ keywords, name }: Manifest): Category {
  const words = [...keywords, name].flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return words.map((word) => categoryOf.get(word) ?? categoryOf.get(`${word}s`)).find((found) => found !== undefined) ?? 'other';
}

function guessTask({ keywords, 'nd:model': model, 'nd:evaluation': evaluation, 'nd:columns': columns }: Manifest): Task {
  const tags = keywords.join(' ').toLowerCase();
  const tagged = Object.entries(wordsOfTask).find(([, words]) => words.test(tags))?.[0] as Task | undefined;
  if (tagged) return tagged;
  if (model) return model.target === null ? 'clustering' : model.classes.length > 0 ? 'classification' : 'regression';
  if (evaluation) return Object.keys(evaluation.claims).some((name) => /accuracy|auc|f1|logLoss/i.test(name)) ? 'classification' : 'regression';
  // Tables for training keep what is to be predicted in their last column, mostly.
  const last = columns?.at(-1);
  if (!last) return 'other';
  return last.kind === 'categorical' || last.distinct <= mostClasses ? 'classification' : 'regression';
}

/** Text as words alone, so that names like `bill_length_mm` and `flipperLength` are found by their parts. */
export function plainWords(text: string): string {
  return text.normalize('NFKC').replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
}
