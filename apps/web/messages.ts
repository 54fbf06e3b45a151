import { parseAst } from 'vite';
import { messageOf, pluralOf } from './src/language/nameOf.ts';

/**
 * The sentences of a source file, for the catalogues and for the build. Three things are sentences:
 * text in JSX, with what stands beside it; what an attribute shows that is read by people; and t`...` (with `plural`) everywhere else.
 */
export type Message = { text: string; line: number };

/** A replacement in the source: what the build makes of a sentence in JSX. */
export type Edit = { start: number; end: number; code: string };

/** Attributes that people read: of HTML, and of components besides. */
const htmlAttributes = new Set(['aria-label', 'title', 'placeholder', 'alt']);
const shownAttributes = new Set([...htmlAttributes, 'about', 'action', 'aside', 'button', 'description', 'facts', 'head', 'help', 'hint', 'label', 'maxText', 'note', 'safe', 'text', 'what']);
/** What stands in these is written for machines. */
const verbatim = new Set(['code', 'pre', 'kbd', 'style', 'script']);
/** What stands in these is text only. */
const textOnly = new Set(['title', 'option', 'textarea']);

export type Node = { type: string; start: number; end: number; [key: string]: unknown };

export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
/** A sentence has a word; "NCR", "MiB", "×" and "%" are the same everywhere. */
export const isSaid = (text: string): boolean => /\p{Ll}{2}|(?<!\p{L})\p{Lu}\p{Ll}(?!\p{L})/u.test(text);

/** Reads a source file: its sentences in order, and what the build writes for those in JSX. Throws where it is no TypeScript. */
export function readMessages(code: string, file: string): { messages: Message[]; edits: Edit[] } {
  const messages: Message[] = [];
  const edits: Edit[] = [];
  const found = (text: string, at: number): void => { messages.push({ text, line: code.slice(0, at).split('\n').length }); };

  const visit = (node: Node): void => {
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') readChildren(node);
    if (node.type === 'JSXAttribute') readAttribute(node);
    if (node.type === 'TaggedTemplateExpression' && nameOfTag(node['tag']) === 't') found(messageOf(textsOf(node['quasi'] as Node)), node.start);
    if (node.type === 'TaggedTemplateExpression' && senseOf(node['tag']) !== '') found(`${messageOf(textsOf(node['quasi'] as Node))} (${senseOf(node['tag'])})`, node.start);
    if (node.type === 'CallExpression' && nameOfTag(node['callee']) === 'plural') for (const noun of literals((node['arguments'] as Node[])[1])) if (noun.type === 'Literal') found(pluralOf(String(noun['value'])), noun.start);
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) value.filter(isNode).forEach(visit);
      else if (isNode(value)) visit(value);
    }
  };

  /** Text and whatever stands beside it become one call; without text, only what is written out in expressions does. */
  function readChildren(element: Node): void {
    const name = element.type === 'JSXElement' ? nameOfTag((element['openingElement'] as Node)['name']) : '';
    if (verbatim.has(name)) return;
    const children = (element['children'] as Node[]).filter((child) => child.type !== 'JSXText' || shownText(child) !== '');
    const slots = children.filter((child) => child.type !== 'JSXText' && !isEmpty(child));
    for (const child of slots) if (child.type === 'JSXExpressionContainer') readShown(child['expression'] as Node);
    if (!children.some((child) => child.type === 'JSXText' && isSaid(shownText(child)))) return;
    const texts = [''];
    for (const child of children) {
      if (child.type === 'JSXText') texts.push(texts.pop() + shownText(child));
      else if (!isEmpty(child)) texts.push('');
    }
    const [first] = children;
    const last = children.at(-1);
    if (!first || !last) return;
    found(messageOf(texts), first.start);
    const helper = slots.length === 0 ? '__t' : textOnly.has(name) ? '__line' : '__parts';
    let open = `{${helper}(${JSON.stringify(texts)}`;
    for (const child of children) {
      if (child.type === 'JSXText' || isEmpty(child)) edits.push({ start: child.start, end: child.end, code: open });
      else if (child.type === 'JSXExpressionContainer') edits.push({ start: child.start, end: child.start + 1, code: `${open}, (` }, { start: child.end - 1, end: child.end, code: ')' });
      else edits.push({ start: child.start, end: child.start, code: `${open}, ` });
      open = '';
    }
    edits.push({ start: last.end, end: last.end, code: ')}' });
  }

  function readAttribute(attribute: Node): void {
    const { name } = attribute['name'] as unknown as { name: string };
    const value = attribute['value'];
    if (!isNode(value) || !(isHtml(attribute) ? htmlAttributes : shownAttributes).has(name)) return;
    if (value.type === 'JSXExpressionContainer') return readShown(value['expression'] as Node);
    if (value.type !== 'Literal' || !isSaid(String(value['value']))) return;
    found(String(value['value']), value.start);
    edits.push({ start: value.start, end: value.end, code: `{__t(${JSON.stringify([value['value']])})}` });
  }

  /** Texts that an expression may come to: the branches of a condition, a default, the entries of a list. */
  function readShown(expression: Node): void {
    for (const literal of literals(expression)) {
      if (literal.type === 'Literal' && isSaid(String(literal['value']))) {
        found(String(literal['value']), literal.start);
        edits.push({ start: literal.start, end: literal.end, code: `__t(${JSON.stringify([literal['value']])})` });
      } else if (literal.type === 'TemplateLiteral' && isSaid(textsOf(literal).join(''))) {
        found(messageOf(textsOf(literal)), literal.start);
        edits.push({ start: literal.start, end: literal.start, code: '__t' });
      }
    }
  }

  const html = new Set<Node>();
  const isHtml = (attribute: Node): boolean => html.has(attribute);
  const mark = (node: Node): void => {
    if (node.type === 'JSXOpeningElement' && /^[a-z]/.test(nameOfTag(node['name']))) for (const attribute of node['attributes'] as Node[]) html.add(attribute);
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) value.filter(isNode).forEach(mark);
      else if (isNode(value)) mark(value);
    }
  };
  const program = parseAst(code, { lang: file.endsWith('x') ? 'tsx' : 'ts' }, file) as unknown as Node;
  mark(program);
  visit(program);
  return { messages, edits };
}

/** The source with its sentences in JSX looked up in the reader's language; nothing where it has none. `from` is where the helpers are imported from. */
export function withLookups(code: string, file: string, from: string): string | undefined {
  const { edits } = readMessages(code, file);
  if (edits.length === 0) return undefined;
  let out = `import { t as __t } from ${JSON.stringify(`${from}/t.ts`)};\nimport { line as __line, parts as __parts } from ${JSON.stringify(`${from}/parts.ts`)};\n`;
  let at = 0;
  for (const { start, end, code: replacement } of edits.map((edit, order) => ({ ...edit, order })).toSorted((a, b) => a.start - b.start || a.end - b.end || a.order - b.order)) {
    out += code.slice(at, start) + replacement;
    at = end;
  }
  return out + code.slice(at);
}

export const nameOfTag = (node: unknown): string => (isNode(node) && typeof node['name'] === 'string' ? node['name'] : '');
const textsOf = (template: Node): string[] => (template['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
/** The sense of tAs('sense')`...`. */
const senseOf = (tag: unknown): string => (isNode(tag) && nameOfTag(tag['callee']) === 'tAs' ? literals((tag['arguments'] as Node[])[0]).map((literal) => String(literal['value'])).join('') : '');
const isEmpty = (child: Node): boolean => child.type === 'JSXExpressionContainer' && (child['expression'] as Node).type === 'JSXEmptyExpression';

/** JSX text as it is shown: lines are trimmed where they break, and joined by one space. */
function shownText(node: Node): string {
  const lines = String(node['value']).split(/\r?\n/);
  return lines.map((line, index) => {
    const from = index === 0 ? line : line.replace(/^[ \t]+/, '');
    return index === lines.length - 1 ? from : from.replace(/[ \t]+$/, '');
  }).filter((line) => line !== '').join(' ');
}

function literals(expression: Node | undefined): Node[] {
  switch (expression?.type) {
    case 'Literal': return typeof expression['value'] === 'string' ? [expression] : [];
    case 'TemplateLiteral': return [expression];
    case 'ConditionalExpression': return [...literals(expression['consequent'] as Node), ...literals(expression['alternate'] as Node)];
    case 'LogicalExpression': return [...(expression['operator'] === '&&' ? [] : literals(expression['left'] as Node)), ...literals(expression['right'] as Node)];
    case 'ParenthesizedExpression': case 'TSAsExpression': case 'TSSatisfiesExpression': return literals(expression['expression'] as Node);
    case 'ArrayExpression': return (expression['elements'] as (Node | null)[]).flatMap((element) => literals(element ?? undefined));
    case 'SpreadElement': return literals(expression['argument'] as Node);
    default: return [];
  }
}
