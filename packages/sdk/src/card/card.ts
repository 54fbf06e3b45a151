import type { JobSpec, Receipt } from '@neurodata/protocol';

/** A part of a section. Texts are plain: whoever shows them escapes them. */
export type CardBlock =
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'code'; language: string; code: string };
export type CardSection = { title: string; blocks: CardBlock[] };
export type ModelCard = { title: string; sections: CardSection[] };

/** What a card is written from: the run's signed receipt and its spec, both found by their digests on chain. */
export type CardSource = { title: string; receipt: Receipt; spec: JobSpec; receiptDigest: string };
