/** One small change of a source file. Offsets count bytes of UTF-8, as solc's do. */
export type Mutant = {
  /** Relative to the repository's root. */
  file: string;
  operator: Operator;
  start: number;
  length: number;
  replacement: string;
  /** 1-based. */
  line: number;
  before: string;
  after: string;
};

export type Operator = 'condition' | 'comparison' | 'logic' | 'arithmetic' | 'bits' | 'assignment' | 'deletion' | 'check' | 'modifier' | 'constant';

/** Names a mutant across edits elsewhere in its file: by what its line says, not by where it stands. */
export function keyOf({ file, before, after }: Mutant): string {
  return `${file}: ${before} => ${after}`;
}

/** The line that begins at or before `start`, without its indentation, before and after the change. */
export function describe(source: Buffer, change: { start: number; length: number; replacement: string }): Pick<Mutant, 'line' | 'before' | 'after'> {
  const { start, length, replacement } = change;
  const newline = 10;
  const lineStart = source.lastIndexOf(newline, Math.max(0, start - 1)) + 1;
  const found = source.indexOf(newline, start + length);
  const lineEnd = found < 0 ? source.length : found;
  const text = (from: number, to: number): string => source.subarray(from, to).toString('utf8');
  const flat = (value: string): string => value.replaceAll(/\s+/g, ' ').trim();
  return {
    line: 1 + [...source.subarray(0, start)].filter((byte) => byte === newline).length,
    before: flat(text(lineStart, lineEnd)),
    after: flat(text(lineStart, start) + replacement + text(start + length, lineEnd)),
  };
}

export function apply(source: Buffer, { start, length, replacement }: Mutant): Buffer {
  return Buffer.concat([source.subarray(0, start), Buffer.from(replacement), source.subarray(start + length)]);
}
