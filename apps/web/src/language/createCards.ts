import { algorithms, scoresOf } from '@neurodata/engine';
import type { CardBlock, CardWords, ModelCard } from '@neurodata/sdk';
import type { Formats } from './format.ts';

type Say = (sentence: string) => string;
type Cards = { cardWords: CardWords; sayCard: (card: ModelCard) => ModelCard };

const scores = (['classification', 'regression', 'clustering', 'reduction'] as const).flatMap(scoresOf);

/** Model cards for readers of another language: how numbers, scores and algorithms stand in them, and a card made so in the words of that language. */
export function createCards({ say, numeral }: { say: Say; numeral: Formats['numeral'] }): Cards {
  return {
    cardWords: {
      figure: (value, digits = 4) => numeral(value, { useGrouping: false, ...(Number.isInteger(value) ? {} : { maximumSignificantDigits: digits }) }),
      score: (name) => say(scores.find((score) => score.name === name)?.title ?? name),
      algorithm: (name) => say(algorithms.find((algorithm) => algorithm.name === name)?.title ?? name),
    },
    sayCard: (card) => sayCard(card, say),
  };
}

/** Names of columns and classes stay, and so does code. */
function sayCard({ title, sections }: ModelCard, say: Say): ModelCard {
  return { title, sections: sections.map((section) => ({ title: say(section.title), blocks: section.blocks.map((block) => sayBlock(block, say)) })) };
}

function sayBlock(block: CardBlock, say: Say): CardBlock {
  if (block.kind === 'text') return { ...block, text: say(block.text) };
  if (block.kind === 'list') return { ...block, items: block.items.map(say) };
  if (block.kind === 'code') return block;
  const { head, rows, names } = block;
  return {
    ...block,
    head: head.map((cell, column) => (names === 'all' && column > 0 ? cell : say(cell))),
    rows: rows.map((row) => row.map((cell, column) => (names !== undefined && column === 0 ? cell : say(cell)))),
  };
}
