import { describe, type Mutant, type Operator } from './mutant.ts';
import { isNode, type Node, parseSolidity, spanOf, walk } from './parseSolidity.ts';

type Change = { operator: Operator; start: number; length: number; replacement: string };

/** What each operator may become, and under which name. */
const swaps: Readonly<Record<string, { operator: Operator; to: readonly string[] }>> = {
  '<': { operator: 'comparison', to: ['<=', '>='] }, '<=': { operator: 'comparison', to: ['<', '>'] },
  '>': { operator: 'comparison', to: ['>=', '<='] }, '>=': { operator: 'comparison', to: ['>', '<'] },
  '==': { operator: 'comparison', to: ['!='] }, '!=': { operator: 'comparison', to: ['=='] },
  '&&': { operator: 'logic', to: ['||'] }, '||': { operator: 'logic', to: ['&&'] },
  '+': { operator: 'arithmetic', to: ['-'] }, '-': { operator: 'arithmetic', to: ['+'] },
  '*': { operator: 'arithmetic', to: ['/'] }, '/': { operator: 'arithmetic', to: ['*'] }, '%': { operator: 'arithmetic', to: ['*'] }, '**': { operator: 'arithmetic', to: ['*'] },
  '&': { operator: 'bits', to: ['|'] }, '|': { operator: 'bits', to: ['&'] }, '^': { operator: 'bits', to: ['&'] },
  '<<': { operator: 'bits', to: ['>>'] }, '>>': { operator: 'bits', to: ['<<'] },
  '+=': { operator: 'assignment', to: ['-=', '='] }, '-=': { operator: 'assignment', to: ['+=', '='] }, '|=': { operator: 'assignment', to: ['&=', '='] },
  '&=': { operator: 'assignment', to: ['|=', '='] }, '*=': { operator: 'assignment', to: ['/='] }, '/=': { operator: 'assignment', to: ['*='] },
};

function swapBetween(source: Buffer, parameters: { left: Node; right: Node; symbol: string }): Change[] {
  const { left, right, symbol } = parameters;
  const from = spanOf(left).end;
  const at = source.subarray(from, spanOf(right).start).indexOf(symbol);
  const swap = swaps[symbol];
  if (at < 0 || swap === undefined) return [];
  return swap.to.map((replacement) => ({ operator: swap.operator, start: from + at, length: symbol.length, replacement }));
}

function replace(node: Node, parameters: { operator: Operator; replacement: string }): Change {
  const { start, end } = spanOf(node);
  return { ...parameters, start, length: end - start };
}

function textOf(source: Buffer, node: Node): string {
  const { start, end } = spanOf(node);
  return source.subarray(start, end).toString('utf8');
}

function changeConditions(source: Buffer, condition: Node): Change[] {
  const text = textOf(source, condition);
  return [
    replace(condition, { operator: 'condition', replacement: 'true' }), replace(condition, { operator: 'condition', replacement: 'false' }),
    replace(condition, { operator: 'condition', replacement: `!(${text})` }),
  ];
}

function isRequire(expression: Node): boolean {
  const { expression: callee } = expression;
  return expression.nodeType === 'FunctionCall' && isNode(callee) && callee['name'] === 'require';
}

/** The statement without which the function is to go on; undefined for one that must stay. */
function removable(node: Node): Operator | undefined {
  const { expression } = node;
  if (['EmitStatement', 'Continue', 'Break'].includes(node.nodeType)) return 'deletion';
  if (node.nodeType === 'RevertStatement') return 'check';
  if (node.nodeType !== 'ExpressionStatement' || !isNode(expression)) return undefined;
  return isRequire(expression) ? 'check' : 'deletion';
}

function removeStatement(source: Buffer, node: Node): Change[] {
  const operator = removable(node);
  const { start, end } = spanOf(node);
  const semicolon = 59;
  // The span leaves the semicolon out; an empty block stands where one statement must stand.
  return operator === undefined || source[end] !== semicolon ? [] : [{ operator, start, length: end + 1 - start, replacement: '{}' }];
}

function changeLiteral(node: Node): Change[] {
  const { kind, value } = node;
  if (kind === 'bool') return [replace(node, { operator: 'constant', replacement: value === 'true' ? 'false' : 'true' })];
  if (kind !== 'number' || typeof value !== 'string') return [];
  // With a unit ("30 days") the span holds the unit too.
  const unit = typeof node['subdenomination'] === 'string' ? ` ${node['subdenomination']}` : '';
  return [replace(node, { operator: 'constant', replacement: value === '0' ? '1' : `(${value}${unit} + 1)` })];
}

function changeUnary(source: Buffer, node: Node): Change[] {
  const { operator: symbol, subExpression } = node;
  if (!isNode(subExpression)) return [];
  const inner = textOf(source, subExpression);
  if (symbol === '!') return [replace(node, { operator: 'logic', replacement: inner })];
  if (symbol === '~') return [replace(node, { operator: 'bits', replacement: inner })];
  if (symbol === '++' || symbol === '--') {
    const other = symbol === '++' ? '--' : '++';
    return [replace(node, { operator: 'arithmetic', replacement: node['prefix'] === true ? `${other}${inner}` : `${inner}${other}` })];
  }
  return [];
}

function changesOf(source: Buffer, node: Node): Change[] {
  const { operator: symbol, leftExpression, rightExpression, leftHandSide, rightHandSide, condition } = node;
  switch (node.nodeType) {
    case 'BinaryOperation':
      return typeof symbol === 'string' && isNode(leftExpression) && isNode(rightExpression) ? swapBetween(source, { left: leftExpression, right: rightExpression, symbol }) : [];
    case 'Assignment':
      return typeof symbol === 'string' && isNode(leftHandSide) && isNode(rightHandSide) ? swapBetween(source, { left: leftHandSide, right: rightHandSide, symbol }) : [];
    case 'IfStatement':
      return isNode(condition) ? changeConditions(source, condition) : [];
    case 'Conditional':
      return isNode(condition) ? changeConditions(source, condition).slice(0, 2) : [];
    case 'FunctionCall': {
      const [first] = Array.isArray(node['arguments']) ? (node['arguments'] as unknown[]) : [];
      return isRequire(node) && isNode(first) ? [replace(first, { operator: 'condition', replacement: `!(${textOf(source, first)})` })] : [];
    }
    case 'ModifierInvocation':
      return [replace(node, { operator: 'modifier', replacement: '' })];
    case 'UnaryOperation':
      return changeUnary(source, node);
    case 'Literal':
      return changeLiteral(node);
    default:
      return removeStatement(source, node);
  }
}

/** Code that runs: bodies, modifiers of functions with a body, and the values of constants. */
function* runningNodes(unit: Node): Generator<Node> {
  for (const node of walk(unit)) {
    const { nodeType, body, modifiers, value } = node;
    if ((nodeType === 'FunctionDefinition' || nodeType === 'ModifierDefinition') && isNode(body)) {
      // A constructor's "modifiers" are mostly its bases' arguments.
      if (node['kind'] !== 'constructor' && Array.isArray(modifiers)) yield* (modifiers as Node[]);
      yield* walk(body);
    }
    if (nodeType === 'VariableDeclaration' && node['stateVariable'] === true && isNode(value)) yield* walk(value);
  }
}

/** All mutants of the given sources (path to text), in the order of the text; no two alike. */
export function createMutants(sources: Readonly<Record<string, string>>): Mutant[] {
  const mutants = new Map<string, Mutant>();
  for (const [file, unit] of Object.entries(parseSolidity(sources))) {
    const source = Buffer.from(sources[file] ?? '', 'utf8');
    for (const node of runningNodes(unit)) {
      for (const change of changesOf(source, node)) {
        const mutant = { file, ...change, ...describe(source, change) };
        mutants.set(`${file} ${change.start} ${change.length} ${change.replacement}`, mutant);
      }
    }
  }
  return [...mutants.values()];
}

/** A seeded choice of `count` mutants, each as likely (mulberry32 and Fisher-Yates). */
export function sampleMutants(mutants: readonly Mutant[], parameters: { count: number; seed: number }): Mutant[] {
  const chosen = [...mutants];
  let state = parameters.seed >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let last = chosen.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [chosen[last], chosen[other]] = [chosen[other] as Mutant, chosen[last] as Mutant];
  }
  return chosen.slice(0, parameters.count);
}
