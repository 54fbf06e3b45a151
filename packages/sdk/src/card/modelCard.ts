import { aboutData, aboutLimits } from './aboutData.ts';
import { aboutResults } from './aboutResults.ts';
import { aboutUse } from './aboutUse.ts';
import type { CardSource, ModelCard } from './card.ts';
import { figure, plainName } from './words.ts';

/**
 * A model card: what a model is, what it learned from, how good it is and where not, how to check it and how to use it.
 * Everything in it follows from receipt and spec, so that whoever has them can write it again. After Mitchell et al.,
 * "Model Cards for Model Reporting", 2019.
 */
export function modelCard(source: CardSource): ModelCard {
  return {
    title: source.title,
    sections: [
      { title: 'In short', blocks: [{ kind: 'text', text: inShort(source) }] },
      ...aboutData(source),
      ...aboutResults(source),
      aboutLimits(source),
      ...aboutUse(source),
    ],
  };
}

function inShort({ receipt, spec }: CardSource): string {
  const { train } = spec;
  const { scores, testRows } = receipt.body.metrics;
  const [score] = Object.entries(scores);
  const what: Record<typeof train.task, string> = {
    classification: `predicts ${train.target ?? ''}, one of ${receipt.body.metrics.classes.length} classes`,
    regression: `predicts the number ${train.target ?? ''}`,
    clustering: 'sorts rows into clusters', reduction: 'makes few columns of many',
  };
  const how = score?.[1] == null ? '' : ` Its ${plainName(score[0])} on ${testRows} rows that it never saw is ${figure(score[1])}.`;
  return `A ${train.algorithm.replaceAll('-', ' ')} model that ${what[train.task]}, from ${train.features.length} columns.${how}`;
}
