import { type ImportedDescription, MOST_DESCRIPTION_BYTES, NeuroError, describeCard } from '@neurodata/protocol';
import { parseDocument } from 'yaml';

/** The most of a card's front matter that is looked at, characters. */
const LONGEST_FRONT = 64 * 1024;

/** A card's front matter as YAML has it, and the text below. `problem`: why it is none, in words. */
export function readFront(card: string): { front?: unknown; body: string; problem?: string } {
  const text = card.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  if (!text.startsWith('---\n')) return { body: text };
  const end = text.indexOf('\n---', 3);
  if (end === -1) return { body: text, problem: 'The front matter does not end: a line of three dashes is missing.' };
  const body = text.slice(text.indexOf('\n', end + 1) === -1 ? text.length : text.indexOf('\n', end + 1) + 1);
  const yaml = text.slice(4, end + 1);
  if (yaml.length > LONGEST_FRONT) return { body, problem: `The front matter has more than ${LONGEST_FRONT} characters.` };
  try {
    const document = parseDocument(yaml, { schema: 'core', logLevel: 'silent' });
    const [error] = document.errors;
    if (error) return { body, problem: `The front matter is no YAML: ${error.message.split('\n')[0] ?? ''}` };
    // Few aliases: a page of them can stand for more than memory holds.
    return { front: document.toJS({ maxAliasCount: 20 }), body };
  } catch {
    return { body, problem: 'The front matter is nested too deep, or refers to itself too often.' };
  }
}

/** What a card (README.md with front matter) says of a dataset or a model. Throws `BAD_INPUT` for front matter that is no YAML, `TOO_LARGE`. */
export function readCard(bytes: Uint8Array): ImportedDescription {
  if (bytes.length > MOST_DESCRIPTION_BYTES) throw new NeuroError(`The card has ${bytes.length} bytes.`, { code: 'TOO_LARGE', remedy: `At most ${MOST_DESCRIPTION_BYTES} are read.` });
  const { front, body, problem } = readFront(new TextDecoder().decode(bytes));
  if (problem !== undefined) throw new NeuroError(problem, { code: 'BAD_INPUT', remedy: 'Correct the card, or leave it out and type what it says.' });
  return describeCard({ front, body });
}

/** Whether a file is a card rather than JSON. */
export const looksLikeCard = (bytes: Uint8Array): boolean => /^(?:\uFEFF)?(?:---\r?\n|#)/.test(new TextDecoder().decode(bytes.subarray(0, 16)));
