import { createCards } from './createCards.ts';
import { numeral } from './format.ts';
import { tFrom } from './tFrom.ts';

/** Model cards in the reader's language. English readers need none of this: cards are written in English. */
export const { cardWords, sayCard } = createCards({ say: tFrom, numeral });
