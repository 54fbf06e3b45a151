import type { JobSpec, Receipt } from '@neurodata/protocol';

/**
 * A part of a section. Texts are plain: whoever shows them escapes them. `names` says where a table's cells are names of strangers (columns,
 * classes) rather than words: in the first cell of each row, or in those of the head, too, but for its first.
 */
export type CardBlock =
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][]; names?: 'rows' | 'all' }
  | { kind: 'code'; language: string; code: string };
export type CardSection = { title: string; blocks: CardBlock[] };
export type ModelCard = { title: string; sections: CardSection[] };

/** What a card is written from: the run's signed receipt and its spec, both found by their digests on chain. */
export type CardSource = { title: string; receipt: Receipt; spec: JobSpec; receiptDigest: string };

/** How numbers are written (with four significant digits where nothing is said), and what scores and algorithms are called within a sentence, in the language of whoever reads. */
export type CardWords = { figure: (value: number, digits?: number) => string; score: (name: string) => string; algorithm: (name: string) => string };
