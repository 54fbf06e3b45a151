/**
 * A message as it stands in a catalogue: its texts with {0}, {1} ... for what is filled in.
 *
 * @example messageOf(['Sold ', ' times']) // 'Sold {0} times'
 */
export function messageOf(texts: readonly string[]): string {
  return texts.reduce((message, text, index) => `${message}{${index - 1}}${text}`);
}

/** The message of a number of things. */
export const pluralOf = (noun: string): string => `{0, plural, one {# ${noun}} other {# ${noun}s}}`;

/** What a message is called in a loaded catalogue: FNV-1a of its UTF-16 code units, so that the English need not be loaded twice. The build refuses two messages of one name. */
export function nameOf(message: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < message.length; index += 1) hash = Math.imul(hash ^ message.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}
