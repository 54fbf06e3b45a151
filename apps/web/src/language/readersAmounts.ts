import { grouped } from './format.ts';

/** Amounts of a sentence that are still in plain digits ("1500.5 NCR") as the reader writes them ("1,500.5 NCR"). */
export const readersAmounts = (text: string): string => text.replace(/(?<![\d.,])\d{4,}(?:\.\d+)?(?= (?:NCR|ETH)(?!\p{L}))/gu, grouped);
