import { HubError } from '@neurodata/sdk';

export type Value = { number: string } | string | boolean;
export const operators = ['=', '<>', '>', '>=', '<', '<='] as const;
export type Operator = (typeof operators)[number];

/** A condition on rows, as it was understood. */
export type Where =
  | { type: 'compare'; column: string; operator: Operator; value: Value }
  | { type: 'in'; column: string; values: Value[] }
  | { type: 'like'; column: string; pattern: string; caseless: boolean }
  | { type: 'missing'; column: string }
  | { type: 'not'; of: Where }
  | { type: 'and'; of: Where[] }
  | { type: 'or'; of: Where[] };

export type Order = { column: string; descending: boolean };

const [MOST_CHARACTERS, MOST_DEPTH] = [4_000, 40];
const reserved = new Set(['and', 'or', 'not', 'in', 'is', 'null', 'like', 'ilike', 'true', 'false', 'asc', 'desc']);
const TOKEN = /\s*(?:(?<name>[\p{L}_][\p{L}\p{N}_]*)|"(?<quoted>(?:[^"]|"")+)"|'(?<text>(?:[^']|'')*)'|(?<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<sign><>|!=|>=|<=|[=<>(),]))/uy;

type Token = { kind: 'name' | 'quoted' | 'text' | 'number' | 'sign' | 'end'; text: string; at: number };

/**
 * Reads a condition in the language of Hugging Face's dataset viewer: `column operator value` with `=`, `<>`, `>`, `>=`, `<`, `<=`, joined by AND, OR, NOT and parentheses; besides, IN, LIKE, ILIKE and
 * IS NULL as in SQL. Texts stand in single quotes, names that are no plain words in double ones. Throws a 422 that names the place.
 */
export function parseWhere(text: string): Where {
  const reader = readerOf('where', text);
  const where = either(reader, 0);
  reader.expectEnd();
  return where;
}

/** Reads columns, each with ASC or DESC. */
export function parseOrder(text: string): Order[] {
  const reader = readerOf('orderby', text);
  const orders: Order[] = [];
  do {
    const column = columnName(reader);
    const descending = reader.takeWord('desc');
    if (!descending) reader.takeWord('asc');
    orders.push({ column, descending });
  } while (reader.takeSign(','));
  reader.expectEnd();
  return orders;
}

type Reader = ReturnType<typeof readerOf>;

function readerOf(parameter: string, text: string) {
  const tokens = tokensOf(parameter, text);
  let next = 0;
  const peek = (): Token => tokens[next] ?? { kind: 'end', text: '', at: text.length };
  const fail = (wanted: string): HubError => {
    const { kind, text: found, at } = peek();
    return wrong(parameter, `${wanted} is missing at character ${at + 1}${kind === 'end' ? ', its end' : `, before ${found.slice(0, 40)}`}`);
  };
  const take = (fits: (token: Token) => boolean): boolean => {
    if (!fits(peek())) return false;
    next += 1;
    return true;
  };
  return {
    peek, fail,
    step: (): Token => {
      const token = peek();
      next += 1;
      return token;
    },
    takeWord: (word: string): boolean => take(({ kind, text: found }) => kind === 'name' && found.toLowerCase() === word),
    takeSign: (sign: string): boolean => take(({ kind, text: found }) => kind === 'sign' && found === sign),
    expectEnd: (): void => {
      if (peek().kind !== 'end') throw fail('the end, or AND or OR,');
    },
  };
}

function tokensOf(parameter: string, text: string): Token[] {
  if (text.length > MOST_CHARACTERS) throw wrong(parameter, `it has more than ${MOST_CHARACTERS} characters`);
  if (text.includes('\0')) throw wrong(parameter, 'it holds a NUL character');
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  for (let at = 0; at < end;) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    const found = Object.entries(groups ?? {}).find(([, value]) => value !== undefined);
    if (!found) throw wrong(parameter, `character ${at + 1} begins nothing that is understood`);
    const [kind, value] = found as [Exclude<Token['kind'], 'end'>, string];
    tokens.push({ kind, at, text: kind === 'text' ? value.replaceAll("''", "'") : kind === 'quoted' ? value.replaceAll('""', '"') : value });
    at = TOKEN.lastIndex;
  }
  return tokens;
}

const either = (reader: Reader, depth: number): Where => joined('or', reader, depth, both);
const both = (reader: Reader, depth: number): Where => joined('and', reader, depth, negated);

function joined(word: 'and' | 'or', reader: Reader, depth: number, part: (reader: Reader, depth: number) => Where): Where {
  const first = part(reader, depth);
  const of = [first];
  while (reader.takeWord(word)) of.push(part(reader, depth));
  return of.length === 1 ? first : { type: word, of };
}

function negated(reader: Reader, depth: number): Where {
  if (depth > MOST_DEPTH) throw wrong('where', `it is nested more than ${MOST_DEPTH} times`);
  if (reader.takeWord('not')) return { type: 'not', of: negated(reader, depth + 1) };
  if (!reader.takeSign('(')) return predicate(reader);
  const inner = either(reader, depth + 1);
  if (!reader.takeSign(')')) throw reader.fail('a closing parenthesis');
  return inner;
}

function predicate(reader: Reader): Where {
  const column = columnName(reader);
  if (reader.takeWord('is')) {
    const not = reader.takeWord('not');
    if (!reader.takeWord('null')) throw reader.fail('NULL');
    return unless(not, { type: 'missing', column });
  }
  const not = reader.takeWord('not');
  if (reader.takeWord('in')) return unless(not, { type: 'in', column, values: listOf(reader) });
  for (const word of ['like', 'ilike']) if (reader.takeWord(word)) return unless(not, { type: 'like', column, pattern: textOf(reader), caseless: word === 'ilike' });
  if (not) throw reader.fail('IN, LIKE or ILIKE');
  const { kind, text: sign } = reader.peek();
  const operator = operators.find((one) => one === (sign === '!=' ? '<>' : sign));
  if (kind !== 'sign' || !operator) throw reader.fail('an operator');
  reader.step();
  return { type: 'compare', column, operator, value: valueOf(reader) };
}

const unless = (not: boolean, of: Where): Where => (not ? { type: 'not', of } : of);

function columnName(reader: Reader): string {
  const { kind, text } = reader.peek();
  if (kind !== 'quoted' && (kind !== 'name' || reserved.has(text.toLowerCase()))) throw reader.fail('the name of a column');
  return reader.step().text;
}

function listOf(reader: Reader): Value[] {
  if (!reader.takeSign('(')) throw reader.fail('an opening parenthesis');
  const values = [valueOf(reader)];
  while (reader.takeSign(',')) values.push(valueOf(reader));
  if (!reader.takeSign(')')) throw reader.fail('a closing parenthesis');
  return values;
}

function valueOf(reader: Reader): Value {
  for (const [word, value] of [['true', true], ['false', false]] as const) if (reader.takeWord(word)) return value;
  if (reader.peek().kind === 'number') return { number: reader.step().text };
  return textOf(reader);
}

function textOf(reader: Reader): string {
  if (reader.peek().kind !== 'text') throw reader.fail('a value (texts in single quotes)');
  return reader.step().text;
}

const wrong = (parameter: string, why: string): HubError => new HubError(`Parameter '${parameter}' is invalid: ${why}.`, { status: 422, code: 'InvalidParameter' });
