/** Whether these bytes stand at an offset; a text stands for its Latin-1 codes. */
export function hasMagic(head: Uint8Array, mark: string | readonly number[], offset = 0): boolean {
  const codes = typeof mark === 'string' ? Array.from(mark, (letter) => letter.charCodeAt(0)) : mark;
  return codes.every((code, at) => head[offset + at] === code);
}
