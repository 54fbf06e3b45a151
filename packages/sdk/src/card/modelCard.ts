import { aboutData, aboutLimits } from './aboutData.ts';
import { aboutResults } from './aboutResults.ts';
import { aboutUse } from './aboutUse.ts';
import type { CardSource, CardWords, ModelCard } from './card.ts';
import { plainWords } from './words.ts';

/**
 * A model card: what a model is, what it learned from, how good it is and where not, how to check it and how to use it.
 * Everything in it follows from receipt and spec, so that whoever has them can write it again. After Mitchell et al.,
 * "Model Cards for Model Reporting", 2019.
 */
export function modelCard(source: CardSource, words: CardWords = plainWords): ModelCard {
  return {
    title: source.title,
    sections: [
      { title: 'In short', blocks: [{ kind: 'text', text: inShort(source, words) }] },
      ...aboutData(source, words),
      ...aboutResults(source, words),
      aboutLimits(source, words),
      ...aboutUse(source),
    ],
  };
}

function inShort({ receipt, spec: { train } }: CardSource, { figure, score, algorithm }: CardWords): string {
  const { classes, scores, testRows } = receipt.body.metrics;
  const [first] = Object.entries(scores);
  const [name, target, columns] = [algorithm(train.algorithm), train.target ?? '', train.features.length];
  const what: Record<typeof train.task, string> = {
    classification: `A ${name} model that predicts ${target}, one of ${classes.length} classes, from ${columns} columns.`,
    regression: `A ${name} model that predicts the number ${target}, from ${columns} columns.`,
    clustering: `A ${name} model that sorts rows into clusters, from ${columns} columns.`,
    reduction: `A ${name} model that makes few columns of many, from ${columns} columns.`,
  };
  if (first?.[1] == null) return what[train.task];
  return [what[train.task], `Its ${score(first[0])} on ${testRows} rows that it never saw is ${figure(first[1])}.`].join(' ');
}
